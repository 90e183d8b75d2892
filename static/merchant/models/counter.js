/**
 * One voucher at a time: look it up, redeem it, be sure of the answer.
 *
 *   ready -> looking -> sheet -> redeeming -> done -> ready
 *
 * A redemption keeps its code and its Idempotency-Key on this device before it is sent, and asks with the same
 * key until the server has answered: a lost network never leaves a voucher "unknown", nor redeems it twice.
 */
import { createStore } from '../../shared/js/view.js';
import { freshId, Unreachable } from '../../shared/js/api.js';
import { forget, keep, keptValue } from '../../shared/js/kept.js';
import { Asking, leavesOpen } from './asking.js';
import { api } from './session.js';
import { refreshToday } from './today.js';

const KEPT_AS = 'counter.attempt';
const SAME_CODE_MILLISECONDS = 30_000;
const READY = { stage: 'ready', code: '', lookup: null, waiting: false, outcome: null };

/**
 * {stage, code, lookup: the server's description of the voucher, waiting: true while the network is away,
 *  outcome: {good, redemption?, lookup?, error?}}.
 */
export const counter = createStore(READY);
const asking = new Asking();
/** The code that was answered last: the guest's phone often stays before the camera a little longer. */
let lastAnswered = { code: '', at: -Infinity };

function move(change) {
  counter.set((before) => ({ ...before, ...change }));
}

function finish(outcome) {
  if (!(outcome.error instanceof Unreachable)) lastAnswered = { code: counter.get().code, at: Date.now() };
  counter.set({ ...READY, stage: 'done', outcome });
}

/** Look up what was scanned or typed; nothing is redeemed yet. */
export async function lookUp(text) {
  const code = text.trim();
  if (!code || counter.get().stage !== 'ready') return;
  counter.set({ ...READY, stage: 'looking', code });
  try {
    move({ lookup: await api.post('merchant/lookups', { code }), stage: 'sheet' });
  } catch (error) {
    finish({ good: false, error });
  }
}

/** True for a code that was answered a moment ago: seen again by the camera, it is not asked again. */
export function isJustAnswered(text) {
  return text.trim() === lastAnswered.code && Date.now() - lastAnswered.at < SAME_CODE_MILLISECONDS;
}

/** After an undo the same code is a new question. */
export function forgetAnswered() {
  lastAnswered = { code: '', at: -Infinity };
}

/** Redeem the voucher on the sheet. */
export function redeem() {
  const { stage, code, lookup } = counter.get();
  if (stage !== 'sheet') return;
  const attempt = { key: freshId(), code, lookup };
  keep(KEPT_AS, attempt);
  askUntilAnswered(attempt);
}

/** After a reload or a new sign-in: an attempt without an answer is asked again, with its own key. */
export function resumeAttempt() {
  const attempt = keptValue(KEPT_AS);
  if (attempt && counter.get().stage === 'ready') askUntilAnswered(attempt);
}

async function askUntilAnswered(attempt) {
  counter.set({ ...READY, stage: 'redeeming', code: attempt.code, lookup: attempt.lookup });
  for (let turn = 0; ; turn += 1) {
    try {
      const redemption = await api.post('merchant/redemptions', { code: attempt.code }, { key: attempt.key });
      return answered({ good: true, redemption, lookup: attempt.lookup });
    } catch (error) {
      if (error.code === 'not_signed_in') return counter.set(READY);   // asked again after the next sign-in
      if (!leavesOpen(error)) return answered({ good: false, error, lookup: attempt.lookup });
    }
    move({ waiting: true });
    await asking.pause(turn);
  }
}

function answered(outcome) {
  forget(KEPT_AS);
  finish(outcome);
  refreshToday();
}

/** Do not wait for the next turn: ask the server now. */
export function askNow() {
  asking.wake();
}

/** Put the sheet or the result away and take the next voucher. */
export function next() {
  if (['sheet', 'done'].includes(counter.get().stage)) counter.set(READY);
}
