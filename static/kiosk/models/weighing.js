/**
 * The bags of one person on the scale. Every gram comes from the machine; this page only asks, shows and says "done".
 */
import { ask, tell } from './local.js';
import { move, visit } from './visit.js';

const ASK_EVERY_MILLISECONDS = 300;
let asking = null;
let current = null;   // id of the weighing that was begun last

/** Begin to weigh for this scene. */
export async function beginWeighing(scene) {
  const variant = scene.variants[0].number;
  try {
    const weighing = await tell('/api/weighings', { scene: scene.number, variant });
    if (visit.get().scene !== scene) return end(weighing.id);
    current = weighing.id;
    move({ weighing, busy: false });
    return watch(weighing.id);
  } catch (problem) {
    return move({ problem, busy: false });
  }
}

function watch(id) {
  asking = setTimeout(async () => {
    const weighing = await ask(`/api/weighings/${encodeURIComponent(id)}`).catch((error) => ({ error }));
    if (visit.get().weighing?.id !== id || visit.get().page !== 'weigh') return;
    if (weighing.error?.code === 'not_found') move({ problem: weighing.error, weighing: null });
    else if (!weighing.error) take(weighing);
    if (!weighing.error && weighing.quantity !== null) return;
    if (weighing.error?.code !== 'not_found') watch(id);
  }, ASK_EVERY_MILLISECONDS);
}

/** What a person can see; a scale that trembles by a gram is still. */
function seen({ grams, ...rest }) {
  return JSON.stringify({ ...rest, grams: grams === null ? null : Math.round(grams / 10) });
}

/** Somebody who lays a bag on the scale is there, also without touching the screen: each change counts as a touch. */
function take(weighing) {
  if (seen(weighing) !== seen(visit.get().weighing)) move({ weighing });
}

/** The person is done: the bags are one act from now on. */
export async function finishWeighing() {
  const { weighing } = visit.get();
  move({ busy: true });
  try {
    const done = await tell(`/api/weighings/${encodeURIComponent(weighing.id)}/done`, {});
    clearTimeout(asking);
    move({ weighing: done, busy: false });
  } catch {
    move({ busy: false });   // a bag was laid down in the same moment; the page shows it
  }
}

/** Lay a bag on the simulated scale, or empty it with 0. Answers only in a demonstration. */
export function loadScale(grams) {
  return tell('/api/simulated/scale', { grams }).catch(() => {});
}

/** The person leaves: bags that were not handed in are nobody's. */
export function leaveWeighing() {
  clearTimeout(asking);
  const { code, basket } = visit.get();
  if (current && !code && !basket.some((line) => line.weighing === current)) end(current);
  current = null;
}

function end(id) {
  tell(`/api/weighings/${encodeURIComponent(id)}/end`, {}).catch(() => {});
}
