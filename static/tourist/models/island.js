/** The island's public face: its name, whether this is a demonstration, today's figures. */
import { createStore } from '../../shared/js/view.js';
import { keptValue } from '../../shared/js/kept.js';
import { readKept } from './session.js';

/** The answer of public/island, or null before the first one. */
export const island = createStore(keptValue('island'));

/** Read it again; without signal the last known one stays. */
export async function refreshIsland() {
  island.set(await readKept('island', 'public/island'));
  return island.get();
}
