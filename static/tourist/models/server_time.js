/**
 * The server's clock on this phone, and how old what this phone keeps is by that clock: a phone that is a day wrong
 * still shows the right code, and says rightly since when it has heard nothing.
 */
import { keep, keptValue } from '../../shared/js/kept.js';

const OFFSET = 'clock_offset';
const AGES = 'mine.ages';
const SLACK_MILLISECONDS = 2000;   // the server says whole seconds, and the line takes its time: not worth a jump

/** The server's time in milliseconds; the phone's own while the server has never answered. */
export function serverNow() {
  return Date.now() + (keptValue(OFFSET) ?? 0);
}

/** The server has said that it is `moment` (ms); the question was `sent` by this phone's clock. Halfway is the best guess. */
export function learnTime(moment, sent) {
  const offset = moment - (sent + Date.now()) / 2;
  const known = keptValue(OFFSET);
  if (Number.isFinite(offset) && (known === null || Math.abs(offset - known) > SLACK_MILLISECONDS)) keep(OFFSET, offset);
}

/** What is kept under this name was fresh now. */
export function noteAge(name) {
  keep(AGES, { ...keptValue(AGES, {}), [name]: serverNow() });
}

/** When what is kept under this name was fresh, in milliseconds of the server's clock; null when nobody noted it. */
export function ageOf(name) {
  return keptValue(AGES, {})[name] ?? null;
}
