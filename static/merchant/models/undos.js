/**
 * One redemption taken back, within two minutes, until the server has answered.
 *
 *   none -> asked -> sending -> none (undone)  or  refused
 *
 * As with a redemption, its Idempotency-Key stays on this device until the answer is there: a lost answer is
 * asked for again with the same key, also after a reload.
 */
import { createStore } from '../../shared/js/view.js';
import { freshId } from '../../shared/js/api.js';
import { forget, keep, keptValue } from '../../shared/js/kept.js';
import { Asking, leavesOpen } from './asking.js';
import { forgetAnswered } from './counter.js';
import { serverNow } from './island.js';
import { api, session } from './session.js';
import { refreshToday } from './today.js';

const KEPT_AS = 'counter.undo';
const UNDO_SECONDS = 120;   // the server's rule (limits.undo_seconds); it has the last word
const NONE = { stage: 'none', redemption: null, waiting: false, error: null };

/** {stage, redemption, waiting: true while the network is away, error: the refusal}. */
export const undo = createStore(NONE);
/** The redemption taken back last, for those who tell of it. */
export const lastUndone = createStore(null);
const asking = new Asking();

/** Seconds in which this redemption can still be taken back; 0 when it is over or done. */
export function secondsToUndo(redemption) {
  if (redemption.undone_at) return 0;
  return Math.max(0, Math.ceil((Date.parse(redemption.redeemed_at) - serverNow()) / 1000) + UNDO_SECONDS);
}

/** Ask the person whether this redemption is to be taken back; nothing is sent yet. */
export function askToUndo(redemption) {
  if (undo.get().stage === 'none') undo.set({ ...NONE, stage: 'asked', redemption });
}

/** Leave it as it is, or put the refusal away. */
export function leaveUndo() {
  if (undo.get().stage !== 'sending') undo.set(NONE);
}

/** The person said yes. */
export function sendUndo() {
  const { stage, redemption } = undo.get();
  if (stage !== 'asked') return;
  const attempt = { key: freshId(), redemption, merchant: session.get().merchant?.id };
  keep(KEPT_AS, attempt);
  askUntilAnswered(attempt);
}

/** After a reload or a new sign-in at the same shop: an undo without an answer is asked again, with its own key. */
export function resumeUndo() {
  const attempt = keptValue(KEPT_AS);
  if (attempt?.merchant === session.get().merchant?.id && undo.get().stage === 'none') askUntilAnswered(attempt);
}

async function askUntilAnswered(attempt) {
  const { redemption, key } = attempt;
  undo.set({ ...NONE, stage: 'sending', redemption });
  for (let turn = 0; ; turn += 1) {
    try {
      return undone(await api.post(`merchant/redemptions/${encodeURIComponent(redemption.id)}/undo`, {}, { key }));
    } catch (error) {
      if (error.code === 'not_signed_in') return undo.set(NONE);   // asked again after the next sign-in
      if (!leavesOpen(error)) return refused(redemption, error);
    }
    undo.set((before) => ({ ...before, waiting: true }));
    await asking.pause(turn);
  }
}

function undone(redemption) {
  forget(KEPT_AS);
  forgetAnswered();
  undo.set(NONE);
  lastUndone.set(redemption);
  refreshToday();
}

function refused(redemption, error) {
  forget(KEPT_AS);
  undo.set({ ...NONE, stage: 'refused', redemption, error });
  refreshToday();
}

/** Do not wait for the next turn: ask the server now. */
export function askUndoNow() {
  asking.wake();
}
