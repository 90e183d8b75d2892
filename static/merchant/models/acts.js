/**
 * One guest at a time: choose, read the code, be sure of the answer.
 *
 *   choosing -> reading -> sending -> done -> reading (or choosing)
 *
 * As with a redemption, an attempt keeps code and Idempotency-Key on this device and asks until it is answered.
 */
import { createStore } from '../../shared/js/view.js';
import { freshId } from '../../shared/js/api.js';
import { forget, keep, keptValue } from '../../shared/js/kept.js';
import { isoDay } from '../../shared/js/format.js';
import { Asking, leavesOpen } from './asking.js';
import { serverNow } from './island.js';
import { api, session } from './session.js';
import { isComplete, chosen, linesToSend, nextGuest } from './till.js';

const KEPT_AS = 'counter.acts.attempt';
const UNDO_SECONDS = 120;   // the server's rule; it has the last word
const SAME_CODE_MILLISECONDS = 65_000;   // the guest's phone shows another one by then
const CHOOSING = { stage: 'choosing', waiting: false, outcome: null };

/** {stage, waiting: true while the network is away, outcome: {good, answer?, error?}}. */
export const confirming = createStore(CHOOSING);
/** {data: today's, newest first, error}. */
export const confirmed = createStore({ data: [], error: null });
const asking = new Asking();
let lastRead = { code: '', at: -Infinity };

/** The choice is made: now the code. */
export function startReading() {
  if (isComplete(chosen.get())) confirming.set({ ...CHOOSING, stage: 'reading' });
}

export function chooseAgain() {
  if (confirming.get().stage === 'reading') confirming.set(CHOOSING);
}

/** True for a code that was answered a moment ago and is still before the camera. */
export function isJustRead(text) {
  return text.trim() === lastRead.code && Date.now() - lastRead.at < SAME_CODE_MILLISECONDS;
}

/** Confirm what is chosen for whoever shows this code. */
export function confirm(text) {
  const code = text.trim();
  if (!code || confirming.get().stage !== 'reading') return;
  const attempt = { key: freshId(), code, acts: linesToSend(), merchant: session.get().merchant?.id };
  keep(KEPT_AS, attempt);
  askUntilAnswered(attempt);
}

/** After a reload: an attempt without an answer is asked again, with its own key. */
export function resumeConfirming() {
  const attempt = keptValue(KEPT_AS);
  if (attempt?.merchant === session.get().merchant?.id && confirming.get().stage === 'choosing') askUntilAnswered(attempt);
}

async function askUntilAnswered(attempt) {
  confirming.set({ ...CHOOSING, stage: 'sending' });
  for (let turn = 0; ; turn += 1) {
    try {
      const answer = await api.post('merchant/acts', { code: attempt.code, acts: attempt.acts }, { key: attempt.key });
      return finish(attempt, { good: answer.results.some(({ state }) => ['credited', 'pending'].includes(state)), answer });
    } catch (error) {
      if (error.code === 'not_signed_in') return confirming.set(CHOOSING);   // asked again after the next sign-in
      if (!leavesOpen(error)) return finish(attempt, { good: false, error });
    }
    confirming.set((before) => ({ ...before, waiting: true }));
    await asking.pause(turn);
  }
}

function finish(attempt, outcome) {
  forget(KEPT_AS);
  lastRead = { code: attempt.code, at: Date.now() };
  confirming.set({ ...CHOOSING, stage: 'done', outcome });
  refreshConfirmed();
}

/** Do not wait for the next turn: ask the server now. */
export function askActsNow() {
  asking.wake();
}

/** Put the result away; the next guest's code, or the choice where it has to be made again. */
export function nextReading() {
  const { stage, outcome } = confirming.get();
  if (stage !== 'done') return;
  const again = outcome.error ? isComplete(chosen.get()) : nextGuest();
  confirming.set(again ? { ...CHOOSING, stage: 'reading' } : CHOOSING);
}

/** Read today's list anew; on trouble the lines of before stay. */
export async function refreshConfirmed() {
  try {
    const { data } = await api.get('merchant/acts?limit=50');
    confirmed.set({ data: data.filter((each) => isoDay(each.created_at) === isoDay(serverNow())), error: null });
  } catch (error) {
    confirmed.set((before) => ({ ...before, error }));
  }
}

/** Seconds in which this reading can still be taken back. */
export function secondsToTakeBack({ created_at: created, undone_at: undone }) {
  return undone ? 0 : Math.max(0, Math.ceil((Date.parse(created) - serverNow()) / 1000) + UNDO_SECONDS);
}

const undoKeys = new Map();

/** Take everything of one reading back; pressing again after a lost answer asks under the same key. */
export async function takeBack({ id }) {
  if (!undoKeys.has(id)) undoKeys.set(id, freshId());
  const answer = await api.post(`merchant/acts/${encodeURIComponent(id)}/undo`, {}, { key: undoKeys.get(id) });
  await refreshConfirmed();
  return answer;
}
