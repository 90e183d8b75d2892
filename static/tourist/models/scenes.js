/** The scenes as the member sees them today. */
import { readKept } from './session.js';

export const CLASSES = ['travel', 'dining', 'lodging', 'waste', 'shopping', 'energy', 'nature', 'learning'];

/** All scenes, in the catalogue's order. */
export async function loadScenes() {
  return (await readKept('mine.scenes', 'member/scenes')).data;
}

/** One scene by its id, or null when there is none. */
export async function loadScene(id) {
  return (await loadScenes()).find((scene) => scene.id === id) ?? null;
}

/** Whether something can be earned with it today: open, and not used up. */
export function possibleToday(scene) {
  return scene.open && (scene.left_today === null || Number(scene.left_today) > 0);
}

/** Whether it brought something today already. */
export function doneToday(scene) {
  return scene.cap.period === 'day' && Number(scene.done) > 0;
}

/** The few to show first: those of today that nothing was done of yet, and the ones the island is known for first. */
export function suggested(scenes, count) {
  const open = scenes.filter(possibleToday);
  const first = (scene) => (doneToday(scene) ? 2 : 0) + (scene.attested ? 0 : 1);
  return open.map((scene, place) => ({ scene, place }))
    .sort((one, other) => first(one.scene) - first(other.scene) || one.place - other.place)
    .map(({ scene }) => scene).slice(0, count);
}

/**
 * Those that fit everything asked for: words of their name or how to do them, a class, a place, still possible today.
 * @param {{words?: string, kind?: string, place?: string, possible?: boolean}} asked
 */
export function narrowed(scenes, { words = '', kind = 'all', place = '', possible = false }) {
  const wanted = words.trim().toLowerCase().split(/\s+/);
  const text = (scene) => `${scene.name} ${scene.how} ${scene.places.map(({ name }) => name).join(' ')}`.toLowerCase();
  return scenes.filter((scene) => (kind === 'all' || scene.class === kind)
    && (!place || scene.places.some(({ id }) => id === place))
    && (!possible || possibleToday(scene))
    && wanted.every((word) => text(scene).includes(word)));
}

/**
 * The fewest things of today that bring so many points, most points first: [{scene, times}]. Empty when today can't
 * bring them. Points of a whole unit each; what is weighed or walked counts one unit.
 */
export function waysTo(scenes, missing) {
  const ways = [];
  let left = missing;
  const byPoints = scenes.filter(possibleToday).filter((scene) => scene.points > 0).sort((one, other) => other.points - one.points);
  for (const scene of byPoints) {
    if (left <= 0) break;
    const times = Math.min(Math.ceil(left / scene.points), Math.max(1, Math.floor(Number(scene.left_today ?? 1))));
    ways.push({ scene, times });
    left -= times * scene.points;
  }
  return left > 0 ? [] : ways;
}

const ADDRESS = /:?\s(https?:\/\/\S+)$/;

/**
 * A factor's source as its parts: "Chinese · English, tag: address", several of them parted by " ; ".
 * @returns {{zh: string, en: string, address: string|null}[]}
 */
export function sourcesOf(text) {
  return text.split(' ; ').map((part) => {
    const words = part.replace(ADDRESS, '').replace(/, [A-Z]\d+$/, '');
    const [zh, en] = words.split(/\s*·\s+/);
    return { zh, en: en ?? zh, address: part.match(ADDRESS)?.[1] ?? null };
  });
}
