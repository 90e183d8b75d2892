/**
 * One person's visit to the screen: from the first touch to the thanks, and back to the attract screen.
 *
 *   attract -> scenes -> choose -> code (showing, used, expired) or ticket -> attract
 */
import { createStore } from '../../shared/js/view.js';
import { firstQuantity, needsQuantity, within } from './amount.js';
import { ask, tell } from './local.js';

const WATCH_EVERY_MILLISECONDS = 1_000;
const NEWS_AFTER_RUNNING_OUT = 10;   // a scan in the last second is still on its way; its news turns "run out" into thanks
const ATTRACT = { page: 'attract', scene: null, variant: 0, quantity: 0, code: null, way: null, problem: null, busy: false };

/** Where the person is: {page, scene, variant (number), quantity (code units), way, code, problem, busy}. */
export const visit = createStore(ATTRACT);
let watching = null;

function move(change) {
  visit.set((before) => ({ ...before, ...change }));
}

/** The person touched the attract screen. A place with one scene goes straight to it. */
export function begin(state) {
  if (state.scenes.length === 1) choose(state.scenes[0]);
  else move({ ...ATTRACT, page: 'scenes' });
}

/** True when the code can be shown on the first touch: nothing to choose, and a single-use code is offered. */
export function isOneTouch(scene) {
  return scene.ways.single && scene.variants.length === 1 && !needsQuantity(scene);
}

/** A scene was touched: ask what is left to ask, or show its code at once. */
export function choose(scene) {
  stopWatching();
  move({ ...ATTRACT, page: 'choose', scene, variant: scene.variants[0].number, quantity: firstQuantity(scene) });
  if (isOneTouch(scene)) issue('single');
}

export function chooseVariant(number) {
  move({ variant: number });
}

/** Turn the quantity up or down by code units, never past the scene's limits. */
export function changeQuantity(step) {
  visit.set((before) => ({ ...before, quantity: within(before.scene, before.quantity + step) }));
}

/** Ask the machine for a code on the screen ('single') or a ticket ('ticket'). */
export async function issue(way) {
  const { scene, variant, quantity, busy } = visit.get();
  if (busy) return;
  stopWatching();
  move({ busy: true, problem: null, way });
  try {
    const code = await tell('/api/codes', { scene: scene.number, variant, quantity, way });
    if (visit.get().scene !== scene) return;
    move({ page: way === 'ticket' ? 'ticket' : 'code', code, busy: false });
    if (way === 'single') watch(code.id);
  } catch (problem) {
    move({ busy: false, problem });
  }
}

/** Follow a code on the screen: new pictures, the seconds, and the news that it was used. */
function watch(id, turnsAfter = NEWS_AFTER_RUNNING_OUT) {
  watching = setTimeout(async () => {
    const code = await ask(`/api/codes/${encodeURIComponent(id)}`).catch(() => null);
    if (visit.get().code?.id !== id) return;
    if (code) move({ code });
    const { state } = visit.get().code;
    if (state === 'showing') watch(id);
    else if (state === 'expired' && turnsAfter > 0) watch(id, turnsAfter - 1);
  }, WATCH_EVERY_MILLISECONDS);
}

function stopWatching() {
  clearTimeout(watching);
  watching = null;
}

/** One step back, as the key in the corner says. */
export function stepBack(state) {
  stopWatching();
  const onlyScene = state.scenes.length === 1;
  const { page } = visit.get();
  if (page === 'scenes' || onlyScene) leave();
  else move({ ...ATTRACT, page: 'scenes' });
}

/** Back to the attract screen; nothing of the visit stays. */
export function leave() {
  stopWatching();
  visit.set(ATTRACT);
}
