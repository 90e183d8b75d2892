/** What the island says about itself: its name, whether this is a demonstration, and its time. */
import { createStore } from '../../shared/js/view.js';
import { api } from './session.js';

/** The answer of public/island, or null. */
export const island = createStore(null);
let clockOffset = 0;

export async function refreshIsland() {
  await api.get('public/island').then(take, () => {});   // the counter works without it
}

function take(answer) {
  clockOffset = Date.parse(answer.now) - Date.now();
  island.set(answer);
}

/** The server's time in milliseconds, as far as this device knows it: a counter's own clock is often wrong. */
export function serverNow() {
  return Date.now() + clockOffset;
}
