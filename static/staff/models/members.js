/** The members as the office finds them, and the correction of what was booked for them. */
import { postOnce } from './once.js';
import { api } from './session.js';

/** One page of those whose nickname holds the words, or whose id they are: {data, next}, newest first. */
export function readMembers(words, cursor) {
  const query = new URLSearchParams();
  if (words.trim()) query.set('search', words.trim());
  if (cursor) query.set('cursor', cursor);
  return api.get(`staff/members?${query}`);
}

/** One member, with `interest`: whether the person at this console has declared one. */
export async function readMember(id) {
  const [member, account] = await Promise.all([api.get(`staff/members/${id}`), api.get('staff/account')]);
  return { ...member, interest: account.members.includes(id) };
}

/** One page of what the member did: {data, next}, newest first. */
export function readActivities(id, cursor) {
  return api.get(`staff/members/${id}/activities${cursor ? `?${new URLSearchParams({ cursor })}` : ''}`);
}

/** Take an act back; answers the activity as it is now. */
export function takeBack(activityId, reason) {
  return postOnce(`staff/activities/${activityId}/reversals`, { reason });
}

/**
 * What a balance becomes when points come (above 0) or are taken: a debt is paid first, and what is not there any more
 * becomes one. Held points stay held. {available, debt, paid: of the debt, short: what becomes debt}
 */
export function balanceAfter(points, { available, debt }) {
  const paid = Math.max(0, Math.min(points, debt));
  const short = Math.max(0, -points - available);
  return { available: available + points - paid + short, debt: debt - paid + short, paid, short };
}
