/** The island's places, made of the scenes that each of them offers. */
import { Refused } from '../../shared/js/api.js';
import { loadScenes, possibleToday } from './scenes.js';
import { readKept } from './session.js';

const SIGN = /^[0-9a-f]{16}$/;

/** [{id, name, scenes}] in the order in which the scenes name them. */
export function placesOf(scenes) {
  const places = new Map();
  for (const scene of scenes) {
    for (const { id, name } of scene.places) {
      const place = places.get(id) ?? { id, name, scenes: [] };
      place.scenes.push(scene);
      places.set(id, place);
    }
  }
  return [...places.values()];
}

/** A sign carries an opaque id of its place; a place's own id stays what it is. */
async function placeOf(id) {
  if (!SIGN.test(id)) return id;
  try {
    return (await readKept(`sign.${id}`, `public/place_signs/${id}`)).id;
  } catch (error) {
    if (error instanceof Refused && error.status === 404) return id;
    throw error;
  }
}

/** One place by its id or its sign's, or null when there is none; what is possible there today comes first. */
export async function loadPlace(id) {
  const [scenes, wanted] = await Promise.all([loadScenes(), placeOf(id)]);
  const place = placesOf(scenes).find((one) => one.id === wanted);
  if (!place) return null;
  const rest = place.scenes.filter((scene) => !possibleToday(scene));
  return { ...place, scenes: [...place.scenes.filter(possibleToday), ...rest] };
}

/** How many things can still be done there today. */
export function possibleThere(place) {
  return place.scenes.filter(possibleToday).length;
}
