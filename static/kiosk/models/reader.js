/**
 * Everything that reads codes at this kiosk: a scanner that types, one on a serial line, and the camera of the page.
 * Whoever reads it, the text comes to one place.
 */
import { Refused } from '../../shared/js/api.js';
import { createKeystrokes } from './keystrokes.js';
import { ask } from './local.js';

const WAIT_MILLISECONDS = 20_000;     // the machine answers after 15 s at the latest
const AGAIN_MILLISECONDS = 2_000;

let take = () => {};
const keystrokes = createKeystrokes((text) => take(text));

/** A code that the camera saw. */
export function codeSeen(text) {
  take(text);
}

/** True for a key that a scanner typed, as those after it tell: what it means to a person has to wait for them. */
export const isOfScanner = keystrokes.isPartOfMore;

function onKey(event) {
  if (!keystrokes.take(event)) return;
  // The rest of a code must not press the key that has the focus, nor choose a scene by its digits.
  event.preventDefault();
  event.stopImmediatePropagation();
}

/** Listen to the machine's own scanner for as long as the page lives. */
async function listen(newest) {
  try {
    const answer = await ask(newest === null ? '/api/scans' : `/api/scans?after=${newest}`, WAIT_MILLISECONDS);
    for (const text of answer.texts) take(text);
    listen(answer.newest);
  } catch (error) {
    setTimeout(() => listen(error instanceof Refused ? null : newest), AGAIN_MILLISECONDS);
  }
}

/** Begin to read; `onCode` gets the text of each code that is shown to this kiosk. */
export function startReading(onCode) {
  take = onCode;
  // Before everybody else: a key of a scanner is nobody else's.
  window.addEventListener('keydown', onKey, { capture: true });
  listen(null);
}
