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

/** The few to show first: possible today, those the island is known for before the others. */
export function suggested(scenes, count) {
  const open = scenes.filter(possibleToday);
  return [...open.filter((scene) => scene.attested), ...open.filter((scene) => !scene.attested)].slice(0, count);
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
