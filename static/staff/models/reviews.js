/**
 * Acts that wait for a person: found, decided about one by one or many at once, and asked about.
 *
 * A review is {id, activity, member: {id, nickname, kind}, kiosk, side, waited_for, waited_for_text, claimed_at,
 * points_most, needs_approver, decision: {decision, by, code, reason, decided_at} or null}; read by itself also
 * {first_occurred_at, journal_time, code: {epoch, counter}, clerk, map, others}.
 */
import { createStore } from '../../shared/js/view.js';
import { api, may, session } from './session.js';
import { fieldText } from './starts.js';

export const READ_EVERY_MILLISECONDS = 60_000;
export const SELECTED_MOST = 100;
/** Ages that the list can be narrowed to, in days. */
export const AGES = [1, 3, 7, 14];

/** {count: how many wait in all, null until read}. */
export const pending = createStore({ count: null });

/** One page: {data, next, waiting}. `filters` are {state, reason, kiosk, scene, member, days}; empty ones are left out. */
export async function readReviews(filters = {}, cursor = null, limit = 50) {
  const query = new URLSearchParams({ limit: String(limit) });
  for (const [name, value] of Object.entries(filters)) if (value) query.set(name, value);
  if (cursor) query.set('cursor', cursor);
  const page = await api.get(`staff/reviews?${query}`);
  pending.set({ count: page.waiting });
  return page;
}

/** Only the count, for the rail; an old one stays where it can't be read. */
export async function refreshPending() {
  await readReviews({}, null, 1).catch(() => {});
}

export function readReview(id) {
  return api.get(`staff/reviews/${id}`);
}

/** The time to send for what a date-and-time field holds: none where it is the one that counts already. */
function chosenTime({ first_occurred_at: first, journal_time: journal }, moment) {
  const known = [first, journal].find((time) => time && fieldText(Date.parse(time)) === moment);
  return known ?? (moment ? `${moment.slice(0, 16)}:00+08:00` : first);
}

/** `moment` is what a date-and-time field holds, in the island's time. */
export function acceptReview(review, reason, moment) {
  const time = chosenTime(review, moment);
  return api.post(`staff/reviews/${review.id}/accept`, { reason, ...(time === review.first_occurred_at ? {} : { occurred_at: time }) });
}

export function refuseReview(id, reason) {
  return api.post(`staff/reviews/${id}/refuse`, { reason });
}

export function askMember(id, question) {
  return api.post(`staff/reviews/${id}/ask`, { question });
}

/** Each is judged for itself: [{id, state or null, points, code, title, detail}]. `deed` is accept or refuse. */
export async function decideAll(deed, ids, reason) {
  return (await api.post(`staff/reviews/${deed}`, { ids, reason })).data;
}

/** May the person at this console decide about it? Many points are an approver's. */
export function mayDecide(review) {
  const approver = (session.get().person?.roles ?? []).includes('approver');
  return !review.decision && may('staff_accept_review') && (approver || !review.needs_approver);
}

/** What the field of the time holds at first: the kiosk's record where there is one, else the time that counts now. */
export function usualMoment(review) {
  return fieldText(Date.parse(review.journal_time ?? review.first_occurred_at));
}
