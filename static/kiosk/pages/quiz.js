/** Five questions about the island and its carbon. After each the right answer stands there, with its source. */
import { html, useEffect, useStore } from '../../shared/js/view.js';
import { inLanguage, t } from '../../shared/js/i18n.js';
import { Icon } from '../../shared/js/components.js';
import { answer, beginQuiz, goOn, quiz } from '../models/quiz.js';
import { choose } from '../models/visit.js';
import { Refused } from './show.js';

function Progress({ right, of }) {
  return html`
    <p class="quiz-progress" role="status" aria-label=${t('kiosk.quiz.right_so_far', { right, of })}>
      ${Array.from({ length: of }, (_, place) => html`<i key=${place} class=${place < right ? 'on' : ''}><${Icon} name=${place < right ? 'check' : 'star'} /></i>`)}
    </p>`;
}

function Options({ asked, mark, busy }) {
  const over = mark && mark.result !== 'again';
  const look = (place) => {
    if (over && mark.result === 'right' && place === mark.option) return 'option option-right';
    if (asked.missed.includes(place) || (mark && mark.result !== 'right' && place === mark.option)) return 'option option-wrong';
    return 'option';
  };
  return html`
    <div class="options">
      ${asked.options.map((option, place) => html`
        <button type="button" key=${`${asked.id}-${place}`} class=${look(place)} disabled=${busy || over || asked.missed.includes(place)} onClick=${() => answer(place)}>
          <span class="option-letter" aria-hidden="true">${'ABC'[place]}</span><span>${inLanguage(option)}</span>
        </button>`)}
    </div>`;
}

function Told({ mark }) {
  if (!mark) return null;
  if (mark.result === 'again') return html`<p class="told told-again" role="status"><${Icon} name="refresh" /><span>${t('kiosk.quiz.again')}</span></p>`;
  const right = mark.result === 'right';
  return html`
    <div class=${right ? 'told told-right' : 'told'} role="status">
      <${Icon} name=${right ? 'circle-check' : 'info-circle'} />
      <p><b>${right ? t('kiosk.quiz.right') : t('kiosk.quiz.missed', { answer: inLanguage(mark.answer) })}</b> ${inLanguage(mark.why)}
        <small>${t('kiosk.quiz.source', { source: inLanguage(mark.source) })}</small></p>
    </div>`;
}

function Next({ state, scene }) {
  if (state === 'passed') return html`<button type="button" class="main-key" onClick=${() => choose(scene, quiz.get().quiz.id)}><${Icon} name="award" /><span>${t('kiosk.quiz.passed')}</span></button>`;
  return html`<button type="button" class="main-key" onClick=${goOn}><${Icon} name="arrow-right" /><span>${t('kiosk.quiz.next')}</span></button>`;
}

function Failed({ goHome }) {
  return html`
    <div class="view outcome">
      <span class="outcome-icon"><${Icon} name="school" /></span>
      <h1>${t('kiosk.quiz.failed')}</h1><p>${t('kiosk.quiz.failed_what')}</p>
      <div class="ways">
        <button type="button" class="main-key" onClick=${beginQuiz}><${Icon} name="refresh" /><span>${t('kiosk.quiz.anew')}</span></button>
        <button type="button" class="quiet-key" onClick=${goHome}><${Icon} name="home" /><span>${t('kiosk.start_over')}</span></button>
      </div>
    </div>`;
}

export function QuizPage({ visit, goHome }) {
  const { quiz: under, asked, mark, problem, busy } = useStore(quiz);
  useEffect(() => { beginQuiz(); }, []);
  const over = mark && mark.result !== 'again';
  if (problem) return html`<div class="view"><${Refused} problem=${problem} /><button type="button" class="main-key" onClick=${beginQuiz}><${Icon} name="refresh" /><span>${t('kiosk.try_again')}</span></button></div>`;
  if (!asked) return html`<div class="view"><p class="quiet" role="status">${t('kiosk.one_moment')}</p></div>`;
  if (under.state === 'failed' && !over) return html`<${Failed} goHome=${goHome} />`;
  return html`
    <div class="view quiz">
      <${Progress} right=${under.right} of=${under.of} />
      <h1>${inLanguage(asked.words)}</h1>
      <${Options} asked=${asked} mark=${mark} busy=${busy} />
      <${Told} mark=${mark} />
      ${over && html`<${Next} state=${under.state} scene=${visit.scene} />`}
    </div>`;
}
