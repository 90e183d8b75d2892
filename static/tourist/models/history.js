/** What the member did, newest first, a page at a time. */
import { keptValue } from '../../shared/js/kept.js';
import { Unreachable } from '../../shared/js/api.js';
import { isoDay } from '../../shared/js/format.js';
import { api, readKept, showsKept } from './session.js';

/** How an activity can stand. */
export const STATES = ['credited', 'pending', 'capped', 'refused', 'reversed'];

/**
 * One page: {data, next}; `cursor` is the `next` of the page before, `state` narrows. The first page of all is kept for
 * the crossing, and what is kept is narrowed without signal.
 */
export async function loadActivities(cursor, state) {
  if (!cursor && !state) return readKept('mine.activities', 'member/activities');
  const asked = new URLSearchParams({ ...(cursor && { cursor }), ...(state && { state }) });
  try {
    return await api.get(`member/activities?${asked}`);
  } catch (error) {
    const kept = keptValue('mine.activities');
    if (!(error instanceof Unreachable) || !kept || cursor) throw error;
    showsKept('mine.activities');
    return { data: kept.data.filter((activity) => activity.state === state), next: null };
  }
}

/** One activity as it is now; without signal as it was kept. */
export async function loadActivity(id) {
  try {
    return await api.get(`member/activities/${encodeURIComponent(id)}`);
  } catch (error) {
    const kept = keptValue('mine.activities', { data: [] }).data.find((activity) => activity.id === id);
    if (!(error instanceof Unreachable) || !kept) throw error;
    showsKept('mine.activities');
    return kept;
  }
}

/** The one answer to what the staff asked about an activity that waits; answers the activity. */
export function answerQuestion(id, text) {
  return api.post(`member/activities/${encodeURIComponent(id)}/answer`, { text });
}

/** Activities by day of the act: [[day, [activity]]]. */
export function byDay(activities) {
  const days = new Map();
  for (const activity of activities) {
    const day = isoDay(activity.occurred_at);
    days.set(day, [...(days.get(day) ?? []), activity]);
  }
  return [...days];
}
