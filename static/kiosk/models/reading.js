/**
 * Acts that a shown member code stands for: chosen on the screen, or kept ready, then read in one go.
 *
 *   scenes -> choose -> show (waits for a code) -> kept -> attract
 *   attract with an act kept ready: a code -> kept
 *   a code first: attract -> scenes -> choose -> kept
 */
import { needsQuantity, pointsFor } from './amount.js';
import { tell } from './local.js';
import { machine } from './machine.js';
import { ATTRACT, choose, move, visit } from './visit.js';

export const LINES_MAX = 8;
const WAITING_SECONDS = 75;   // a code is good for 90 s around its minute; a little less is promised
const READS_ON = ['attract', 'scenes', 'choose', 'show', 'kept'];

/** The scene that a shown code stands for when nothing was chosen: kept ready by staff, or the group's without a line. */
export function readyScene(state) {
  if (!state.reading) return null;
  const kept = state.scenes.find(({ number }) => number === state.ready);
  return kept ?? (state.online ? null : state.scenes.find(({ ways, one_step: oneStep }) => ways.group && ways.member && oneStep)) ?? null;
}

/** Whether a code that is shown now leads anywhere: so the camera looks, and the scanner is heard. */
export function isReading(state) {
  return state.reading && state.scenes.some(({ ways }) => ways.member);
}

/** A line of one scene as it was chosen. */
export function lineOf(scene, { variant = scene.variants[0].number, quantity = null, room = null, weighing = null, quiz = null, grams = null } = {}) {
  return { scene, variant, quantity, room, weighing, quiz, grams };
}

/** The most points that the rule gives for this line. */
export function promiseOf({ scene, variant, quantity, grams }) {
  const chosen = scene.variants.find(({ number }) => number === variant);
  const amount = grams === null ? scene.route ?? quantity ?? scene.quantity.one : Math.trunc(grams / 10);
  return pointsFor(scene, chosen, amount);
}

/** A scene was touched: straight to the code where nothing is left to ask, else one page in between. */
export function touchScene(scene) {
  const others = visit.get().basket.length === 0 && (scene.ways.single || scene.ways.ticket);
  const asks = others || scene.variants.length > 1 || needsQuantity(scene);
  if (scene.one_step && !asks) addLine(lineOf(scene));
  else choose(scene);
}

/** One more act; the page then waits for a code, or hands in the one that was shown before. */
export function addLine(line) {
  const basket = [...visit.get().basket.filter((each) => each.scene !== line.scene || each.room !== line.room), line].slice(0, LINES_MAX);
  const { waiting } = visit.get();
  move({ page: 'show', basket, problem: null });
  if (waiting && performance.now() - waiting.shown_at < WAITING_SECONDS * 1000) take(waiting.text, basket);
}

/** Take an act out again; without any the person chooses anew. */
export function removeLine(index) {
  const basket = visit.get().basket.filter((_, place) => place !== index);
  move(basket.length > 0 ? { basket, problem: null } : { ...ATTRACT, page: 'scenes' });
}

/** Back to the scenes for one more act; those that were chosen stay. */
export function chooseAnother() {
  move({ page: 'scenes', problem: null });
}

/** A scanner or the camera read this text. */
export function codeShown(text) {
  const { state } = machine.get();
  const { page, basket, busy } = visit.get();
  if (!state || busy || !READS_ON.includes(page) || !isReading(state)) return;
  if (page === 'show') take(text, basket);
  else if (page === 'attract' || page === 'kept') takeAtOnce(text, readyScene(state));
  else keepWaiting(text);
}

function takeAtOnce(text, scene) {
  if (scene) take(text, [lineOf(scene)]);
  else keepWaiting(text);
}

/** The code came first: look at it, then ask what it is for. */
async function keepWaiting(text) {
  const shownAt = performance.now();
  try {
    await tell('/api/readings/check', { code: text });
    const { page } = visit.get();
    move({ waiting: { text, shown_at: shownAt }, problem: null, ...(page === 'choose' ? {} : { page: 'scenes' }) });
  } catch (problem) {
    if (['attract', 'kept', 'scenes'].includes(visit.get().page)) move({ ...ATTRACT, page: 'show', problem });
  }
}

function written({ scene, variant, quantity, room, weighing, quiz }) {
  const line = { scene: scene.number, variant };
  if (quantity !== null && weighing === null) line.quantity = quantity;
  if (room !== null) line.room = room;
  if (weighing !== null) line.weighing = weighing;
  if (quiz !== null) line.quiz = quiz;
  return line;
}

/** Hand the code and its acts to the machine; thanks come only after it has them on its disk. */
async function take(text, basket) {
  if (basket.length === 0) return keepWaiting(text);
  move({ busy: true, problem: null, waiting: null });
  try {
    const kept = await tell('/api/readings', { code: text, lines: basket.map(written) });
    return visit.set({ ...ATTRACT, page: 'kept', basket, kept });
  } catch (problem) {
    return move({ busy: false, page: 'show', basket, problem });
  }
}
