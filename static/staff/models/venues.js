/** The places with what each offers. */
import { readOrLast } from './session.js';

/** [{id, name, side, profile, version, kiosks: [{id, name, state}], waiting}]. */
export async function readVenues() {
  return (await readOrLast('staff/venues')).data;
}

/** One place: {venue, document: {name_zh, name_en, profile}, versions: the newest ones, next: cursor of older ones}. */
export async function readVenue(id) {
  const path = `staff/venues/${id}`;
  const [venue, { data, next }] = await Promise.all([readOrLast(path), readOrLast(`${path}/versions`)]);
  return { ...venue, versions: data, next };
}

/** Places whose name or id holds the words. */
export function filterVenues(venues, words) {
  const wanted = words.trim().toLowerCase();
  return venues.filter(({ id, name }) => [id, name].some((text) => text.toLowerCase().includes(wanted)));
}

/** How many scenes a place offers. */
export function offersOf({ profile }) {
  return Object.keys(profile.scenes).length;
}
