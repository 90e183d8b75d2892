/** What my acts came to: points and grams of a month by day and by scene, what they compare with, and my badges. */
import { isoDay } from '../../shared/js/format.js';
import { readKept } from './session.js';

const DAYS_SHOWN = 7;   // fewer bars than a week say nothing
const DAY_MILLISECONDS = 86_400_000;

/** One month (YYYY-MM), the newest with an act without one; that one is kept for the crossing. */
export function loadReductions(month) {
  if (!month) return readKept('mine.reductions', 'member/reductions');
  return readKept(`mine.reductions.${month}`, `member/reductions?month=${encodeURIComponent(month)}`);
}

/** All badges, earned or not. */
export async function loadBadges() {
  return (await readKept('mine.badges', 'member/badges')).data;
}

function after(day, count) {
  return isoDay(Date.parse(`${day}T00:00:00+08:00`) + count * DAY_MILLISECONDS);
}

/**
 * The days from the month's first act to its last, a week at least, with zeros where nothing was done.
 * @param {{day: string, acts: number, points: number, reduction_grams: number}[]} days those with an act, in their order
 */
export function everyDay(days) {
  if (!days.length) return [];
  const known = new Map(days.map((one) => [one.day, one]));
  const shown = [];
  for (let day = days[0].day; day <= days.at(-1).day || shown.length < DAYS_SHOWN; day = after(day, 1)) {
    shown.push(known.get(day) ?? { day, acts: 0, points: 0, reduction_grams: 0 });
  }
  return shown;
}
