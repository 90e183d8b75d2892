/**
 * Points by hand: one person asks, another decides within seven days.
 *
 * An adjustment is {id, member: {id, nickname}, points, reason, state: asked | approved | rejected | withdrawn | expired,
 * asked_by: {id, name}, asked_at, expires_at, decided_by, decided_at, decision_reason, payload}.
 */
import { postOnce } from './once.js';
import { api, may, session } from './session.js';

const PAGE_MOST = 100;
const EXPORTED_MOST = 5000;   // a spreadsheet, not a copy of the books

/** One page, newest first: {data, next}. `member` is an id, `waiting` leaves out what is settled. */
export function readAdjustments({ waiting = false, member, cursor, limit } = {}) {
  const query = new URLSearchParams();
  if (waiting) query.set('waiting', '1');
  if (member) query.set('member', member);
  if (cursor) query.set('cursor', cursor);
  if (limit) query.set('limit', String(limit));
  return api.get(`staff/adjustments?${query}`);
}

/** Everything that waits, the longest asked for first. */
export async function readWaiting() {
  return (await readAdjustments({ waiting: true, limit: PAGE_MOST })).data.reverse();
}

/** What an export holds: all of them, the newest EXPORTED_MOST at the most. */
export async function readAll() {
  const rows = [];
  let cursor = null;
  do {
    const page = await readAdjustments({ cursor, limit: PAGE_MOST });
    rows.push(...page.data);
    cursor = page.next;
  } while (cursor && rows.length < EXPORTED_MOST);
  return rows;
}

export function readAdjustment(id) {
  return api.get(`staff/adjustments/${id}`);
}

/** Ask for points to be added, or taken where negative; answers the request. */
export function askAdjustment(memberId, points, reason) {
  return postOnce('staff/adjustments', { member_id: memberId, points, reason });
}

/** Approves exactly what was shown: anything else is refused. */
export function approveAdjustment({ id, payload }) {
  return api.post(`staff/adjustments/${id}/approve`, { payload });
}

export function rejectAdjustment({ id }, reason) {
  return api.post(`staff/adjustments/${id}/reject`, { reason });
}

export function withdrawAdjustment({ id }) {
  return api.post(`staff/adjustments/${id}/withdraw`, {});
}

/** What the person at this console can do about a request: {decide, withdraw, own: asked for it themselves}. */
export function deedsOn({ state, asked_by: asker }) {
  const own = asker.id === session.get().person?.id;
  const open = state === 'asked';
  return { own, decide: open && !own && may('staff_approve_adjustment'), withdraw: open && own && may('staff_withdraw_adjustment') };
}
