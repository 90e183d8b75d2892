/**
 * One person's visit to the screen: from the first touch to the thanks, and back to the attract screen.
 *
 *   attract -> scenes -> choose -> code (showing, used, expired) or ticket -> attract
 *                     -> weigh or quiz first, where the scene needs it
 *                     -> show a member code (models/reading.js)
 */
import { createStore } from '../../shared/js/view.js';
import { firstQuantity, needsQuantity, within } from './amount.js';
import { ask, tell } from './local.js';

const WATCH_EVERY_MILLISECONDS = 1_000;
const NEWS_AFTER_RUNNING_OUT = 10;   // a scan in the last second is still on its way; its news turns "run out" into thanks
export const ATTRACT = {
  page: 'attract', scene: null, variant: 0, quantity: 0, room: '', code: null, way: null, problem: null, busy: false,
  basket: [], waiting: null, kept: null, weighing: null, quiz: null,
};

/**
 * Where the person is: {page, scene, variant (number), quantity (code units), room, way, code, problem, busy}; and of a
 * reading: basket (acts that were chosen), waiting (a code that was shown first), kept (what the machine has),
 * weighing (as the machine has it), quiz (id of one that was passed).
 */
export const visit = createStore(ATTRACT);
let watching = null;

/** Change something about where the person is. */
export function move(change) {
  visit.set((before) => ({ ...before, ...change }));
}

/** The person touched the attract screen. A place with one scene goes straight to it. */
export function begin(state) {
  if (state.scenes.length === 1) choose(state.scenes[0]);
  else move({ ...ATTRACT, page: 'scenes' });
}

/** What stays while a person chooses one act after the other. */
function chosenSoFar() {
  const { basket, waiting } = visit.get();
  return { ...ATTRACT, basket, waiting };
}

/** True when the code can be shown on the first touch: nothing to choose, and a single-use code is offered. */
export function isOneTouch(scene) {
  return scene.ways.single && !scene.ways.member && scene.variants.length === 1 && !needsQuantity(scene);
}

/** A scene was touched: ask what is left to ask, or show its code at once. */
export function choose(scene, quiz = null) {
  stopWatching();
  const page = pageOf(scene, quiz);
  move({ ...chosenSoFar(), page, scene, variant: scene.variants[0].number, quantity: firstQuantity(scene), quiz });
  if (page === 'choose' && isOneTouch(scene) && visit.get().basket.length === 0) issue('single');
}

/** Where the person goes next: what has to be weighed or answered comes first. */
function pageOf(scene, quiz) {
  if (scene.weighed) return 'weigh';
  return scene.quiz && quiz === null ? 'quiz' : 'choose';
}

export function changeRoom(room) {
  move({ room });
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
  const { scene, variant, quantity, busy, weighing, quiz } = visit.get();
  if (busy) return;
  stopWatching();
  move({ busy: true, problem: null, way });
  try {
    const proved = weighing ? { weighing: weighing.id } : { quantity, ...(quiz ? { quiz } : {}) };
    const code = await tell('/api/codes', { scene: scene.number, variant, way, ...proved });
    if (visit.get().scene !== scene) return;
    move({ page: way === 'ticket' ? 'ticket' : 'code', code, busy: false });
    if (way === 'single') watch(code.id);
  } catch (problem) {
    move({ busy: false, problem });
  }
}

/** What can't be done over again, a weighing or a quiz, has its code shown once more: the same one. */
export async function renew() {
  const { code, busy } = visit.get();
  if (busy) return;
  stopWatching();
  move({ busy: true });
  try {
    move({ code: await tell(`/api/codes/${encodeURIComponent(code.id)}/renewals`, {}), busy: false });
    watch(code.id);
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
  if (['scenes', 'kept', 'staff'].includes(page) || onlyScene) leave();
  else move({ ...chosenSoFar(), page: 'scenes' });
}

/** Back to the attract screen; nothing of the visit stays. */
export function leave() {
  stopWatching();
  visit.set(ATTRACT);
}
