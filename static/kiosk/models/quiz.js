/**
 * The quiz before the points of learning: five right answers, one try again for each question.
 * The machine asks and marks; it tells the right answer only afterwards.
 */
import { createStore } from '../../shared/js/view.js';
import { tell } from './local.js';
import { visit } from './visit.js';

const EMPTY = { quiz: null, asked: null, mark: null, problem: null, busy: false };

/** {quiz: as the machine has it, asked: the question on the screen, mark: what became of the last answer, problem, busy}. */
export const quiz = createStore(EMPTY);

/** Begin anew. */
export async function beginQuiz() {
  quiz.set({ ...EMPTY, busy: true });
  try {
    const begun = await tell('/api/quizzes', {});
    quiz.set({ ...EMPTY, quiz: begun, asked: begun.question });
  } catch (problem) {
    quiz.set({ ...EMPTY, problem });
  }
}

/** Answer with the option at this place. After a wrong one the same question stands for one more try. */
export async function answer(option) {
  const before = quiz.get();
  if (before.busy) return;
  quiz.set({ ...before, busy: true });
  try {
    const mark = await tell(`/api/quizzes/${encodeURIComponent(before.quiz.id)}/answers`, { option });
    const asked = mark.result === 'again' ? mark.quiz.question : before.asked;
    if (visit.get().page === 'quiz') quiz.set({ quiz: mark.quiz, asked, mark: { ...mark, option }, problem: null, busy: false });
  } catch (problem) {
    quiz.set({ ...before, problem, busy: false });
  }
}

/** On to the next question. */
export function goOn() {
  quiz.set((before) => ({ ...before, asked: before.quiz.question, mark: null }));
}
