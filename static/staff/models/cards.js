/** Residents' cards at the desk: found, made, printed on sheets and revoked. */
import { api } from './session.js';
import { readMembers } from './members.js';

/** One page: {data, next}, newest first; `member` only of that one. */
export function readCards({ words = '', member, cursor, limit }) {
  const query = new URLSearchParams();
  if (words.trim()) query.set('search', words.trim());
  if (member) query.set('member', member);
  if (cursor) query.set('cursor', cursor);
  if (limit) query.set('limit', limit);
  return api.get(`staff/cards?${query}`);
}

/** Residents whose nickname holds the words. */
export async function findResidents(words) {
  if (!words.trim()) return [];
  return (await readMembers(words)).data.filter(({ kind }) => kind === 'resident');
}

/** A member for somebody without a phone: {id, nickname, kind}. */
export function admitResident(nickname) {
  return api.post('staff/members', { nickname });
}

/** A card for a resident; the one before ends with it. */
export function makeCard(memberId) {
  return api.post('staff/cards', { member_id: memberId });
}

export function revokeCard(id, reason) {
  return api.post(`staff/cards/${id}/revoke`, { reason });
}

/** The sheets to print, as a file: ten cards on each A4 page. */
export function cardSheets(ids) {
  return api.file('staff/cards/sheets', { cards: ids }, 'application/pdf');
}
