/** The pauses between two questions with the same Idempotency-Key, and which troubles ask for another one. */
import { Refused, Unreachable } from '../../shared/js/api.js';

const PAUSES_MILLISECONDS = [1_000, 2_000, 3_000, 5_000];

/** True for trouble after which the server may or may not have acted: only the same key tells. */
export function leavesOpen(error) {
  return error instanceof Unreachable || (error instanceof Refused && error.status >= 500);
}

/** One question that is asked until it is answered; a signal that comes back ends the pause. */
export class Asking {
  #end = null;

  constructor() {
    addEventListener('online', () => this.wake());
  }

  /** Wait longer from turn to turn, or until `wake`. */
  pause(turn) {
    const milliseconds = PAUSES_MILLISECONDS[Math.min(turn, PAUSES_MILLISECONDS.length - 1)];
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#end = () => { clearTimeout(timer); resolve(); };
    });
  }

  wake() {
    this.#end?.();
  }
}
