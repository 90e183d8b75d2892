/** What the member did, newest first, a page at a time. */
import { keptValue } from '../../shared/js/kept.js';
import { Unreachable } from '../../shared/js/api.js';
import { isoDay } from '../../shared/js/format.js';
import { api, readKept } from './session.js';

/** One page: {data, next}; `cursor` is the `next` of the page before. The first page is kept for the crossing. */
export async function loadActivities(cursor) {
  if (!cursor) return readKept('mine.activities', 'member/activities');
  return api.get(`member/activities?cursor=${encodeURIComponent(cursor)}`);
}

/** One activity as it is now; without signal as it was kept. */
export async function loadActivity(id) {
  try {
    return await api.get(`member/activities/${encodeURIComponent(id)}`);
  } catch (error) {
    const kept = keptValue('mine.activities', { data: [] }).data.find((activity) => activity.id === id);
    if (error instanceof Unreachable && kept) return kept;
    throw error;
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
