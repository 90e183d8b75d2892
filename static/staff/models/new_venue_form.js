/** A place that is not there yet: what it is for ever, beside what every place's form holds. */
import { SLUG } from './scene_troubles.js';
import { quantityOf } from './quantities.js';
import { venueForm, venueTroubles } from './venue_form.js';

export const SIDES = ['island', 'mainland', 'sea'];
const ID_MAX = 48;
const MAP_MAX = 1000;   // thousandths of the map
const POINT_FIELDS = ['map.x', 'map.y'];

/** What a place usually allows, and no scene yet. */
const EMPTY = {
  name_zh: '', name_en: '',
  profile: {
    attended: false, scenes: {}, group: { per_code: 0, seats: 0, window_minutes: 30 }, ceilings: { points_per_hour: 1000 }, ticket_days: 14, routes: [],
  },
};

export function newVenueForm(scenes) {
  return { ...venueForm(EMPTY, scenes), id: '', side: SIDES[0], 'map.x': '500', 'map.y': '500' };
}

/** {id, side, map} as the server takes them; ask `newVenueTroubles` first. */
export function placeOf(form) {
  const [x, y] = POINT_FIELDS.map((field) => quantityOf(form[field], 'piece'));
  return { id: form.id.trim(), side: form.side, map: { x, y } };
}

export function newVenueTroubles(form, scenes) {
  const found = venueTroubles(form, scenes);
  const { id } = placeOf(form);
  if (id.length > ID_MAX) found.id = { word: 'trouble.long', values: { limit: ID_MAX } };
  else if (!SLUG.test(id)) found.id = { word: 'trouble.slug', values: {} };
  for (const field of POINT_FIELDS) {
    const value = quantityOf(form[field], 'piece');
    if (!Number.isInteger(value)) found[field] = { word: 'trouble.whole', values: {} };
    else if (value < 0 || value > MAP_MAX) found[field] = { word: 'trouble.range', values: { lowest: 0, highest: MAP_MAX } };
  }
  return found;
}
