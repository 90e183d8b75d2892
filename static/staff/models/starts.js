/** When a change starts. All of it is the island's time, UTC+8, whatever zone the browser stands in. */
const ISLAND_MILLISECONDS = 8 * 3_600_000;
const DAY_MILLISECONDS = 86_400_000;
const SOON_MILLISECONDS = 60_000;

/** The choices: in a minute, next Monday at midnight, a moment of one's own. */
export const START_KINDS = ['soon', 'monday', 'moment'];

/** RFC 3339 in the island's time: 2026-11-30T00:00:00+08:00. */
export function islandMoment(milliseconds) {
  return `${new Date(milliseconds + ISLAND_MILLISECONDS).toISOString().slice(0, 19)}+08:00`;
}

/** The next Monday 00:00 that is still ahead, in milliseconds. */
export function nextMonday(now) {
  const today = Math.floor((now + ISLAND_MILLISECONDS) / DAY_MILLISECONDS);
  const weekday = (today + 3) % 7;   // 1 January 1970 was a Thursday; Monday is 0
  return (today + 7 - weekday) * DAY_MILLISECONDS - ISLAND_MILLISECONDS;
}

/** What a date-and-time field shows for a moment: 2026-11-30T00:00. */
export function fieldText(milliseconds) {
  return islandMoment(milliseconds).slice(0, 16);
}

/** The start that `choice` ({kind, moment: text of the field}) means at `now`, in milliseconds; null for none. */
export function startOf({ kind, moment }, now) {
  if (kind === 'soon') return Math.ceil((now + SOON_MILLISECONDS) / 1000) * 1000;
  if (kind === 'monday') return nextMonday(now);
  const chosen = Date.parse(`${moment}:00+08:00`);
  return Number.isNaN(chosen) ? null : chosen;
}

/** What is chosen at first: at once where that goes, else with enough time for a second person. */
export function usualStart(secondPerson) {
  return { kind: secondPerson ? 'monday' : 'soon', moment: '' };
}
