/** What the island says about itself: its name, and whether this is a demonstration. */
import { createStore } from '../../shared/js/view.js';
import { api } from './session.js';

/** The answer of public/island, or null. */
export const island = createStore(null);

export async function refreshIsland() {
  await api.get('public/island').then(island.set, () => {});   // the console works without it
}
