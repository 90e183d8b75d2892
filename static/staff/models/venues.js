/** The places with what each offers. */
import { api, readOrLast } from './session.js';

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

/** What a place that is not there yet would bring: the same answer as `previewVersion`. */
export function previewVenue(change) {
  return api.post('staff/venues/preview', change);
}

/** A place that was not there: {id, side, map, document, starts_at, reason}; answers the version that fills it. */
export function createVenue(change) {
  return api.post('staff/venues', change);
}

/** The sign of a place on paper, as a file. */
export function placeSign(id) {
  return api.file(`staff/venues/${id}/sign`, {}, 'application/pdf');
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
