/** The merchants, as staff look after them. */
import { readAll } from './items.js';
import { api, readOrLast } from './session.js';

export const MERCHANT_STATES = ['active', 'suspended'];

export function readMerchants() {
  return readAll('staff/merchants');
}

/** One merchant: {merchant: with its people, versions, items: what it gives}. */
export async function readMerchant(id) {
  const path = `staff/merchants/${id}`;
  const [merchant, versions, items] = await Promise.all([readOrLast(path), readOrLast(`${path}/versions`), readAll(`staff/items?merchant=${id}`)]);
  return { merchant, versions: versions.data, items };
}

/** Merchants whose name or place holds the words, in one state or all. */
export function filterMerchants(merchants, words, state) {
  const wanted = words.trim().toLowerCase();
  const found = (one) => [one.name_zh, one.name_en, one.place_zh, one.place_en].some((text) => text.toLowerCase().includes(wanted));
  return merchants.filter((one) => (!state || one.state === state) && found(one));
}

/** Answers {merchant, login, password, valid_until}; the password is shown once. */
export function admitMerchant(admission) {
  return api.post('staff/merchants', admission);
}

/** `names` is {name_zh, name_en, place_zh, place_en}; at once. */
export function nameMerchant(id, names, reason) {
  return api.patch(`staff/merchants/${id}`, { ...names, reason });
}

/** Which place's acts its till may confirm; null: none. */
export function placeMerchant(id, venueId, reason) {
  return api.post(`staff/merchants/${id}/place`, { venue_id: venueId, reason });
}

/** At once: nothing is exchanged or redeemed there any more. */
export function suspendMerchant(id, reason) {
  return api.post(`staff/merchants/${id}/suspend`, { reason });
}

/** Asks; a second person decides. */
export function resumeMerchant(id, reason) {
  return api.post(`staff/merchants/${id}/resume`, { reason });
}

/** Answers {person, password, valid_until}; the person's sessions end. */
export function resetCounterPassword(id, personId) {
  return api.post(`staff/merchants/${id}/people/${personId}/password`);
}
