/**
 * How long nobody has touched the screen. After 60 s it goes back to the attract screen by itself; the last
 * 15 s are counted down where the person can see them.
 */
import { createStore } from '../../shared/js/view.js';

export const STILL_SECONDS = 60;
export const COUNTED_DOWN_SECONDS = 15;
const THANKS_SECONDS = 10;
const READING_SECONDS = 120;   // a question wants to be thought about, staff have their hands full
const PATIENCE = { kept: THANKS_SECONDS, quiz: READING_SECONDS, staff: READING_SECONDS };

/** {left: seconds until the screen goes back}. */
export const stillness = createStore({ left: STILL_SECONDS });
let until = 0;

function secondsLeft() {
  return Math.max(0, Math.ceil((until - performance.now()) / 1000));
}

/** Somebody is there: begin counting again. */
export function touched(seconds = STILL_SECONDS) {
  until = performance.now() + seconds * 1000;
  stillness.set({ left: secondsLeft() });
}

/** How long this page stays when nobody touches it. */
export function patienceOf(visit) {
  if (visit.page === 'code' && visit.code.state === 'used') return THANKS_SECONDS;
  return PATIENCE[visit.page] ?? STILL_SECONDS;
}

/** A page that waits for a phone is not idle: its code runs out by its own clock. */
export function isWaiting(visit) {
  return visit.page === 'code' && visit.code.state === 'showing';
}

/** Count once; answers true when the time is over. */
export function countStillness() {
  const left = secondsLeft();
  if (left !== stillness.get().left) stillness.set({ left });
  return left === 0;
}
