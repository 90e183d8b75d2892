/** The scenes with the rule in force, in numbers that can be compared. */
import { codeUnits } from './quantities.js';
import { api, readOrLast } from './session.js';

export async function readScenes() {
  return (await readOrLast('staff/scenes')).data.map(withFigures);
}

/** One scene: {rule, document, factors: of that rule, versions: the newest ones, next: cursor of older ones}. */
export async function readScene(slug) {
  const path = `staff/scenes/${slug}`;
  const [scene, { data, next }] = await Promise.all([readOrLast(path), readOrLast(`${path}/versions`)]);
  return { ...scene, versions: data, next };
}

/** What a rule may refer to: {factors by id, newest: number of the newest version by id, methodologies, groups: the shared caps}. */
export async function readFactors() {
  const { data, methodologies, cap_groups: groups } = await readOrLast('staff/factors');
  const by = (value) => new Map(data.map((factor) => [factor.id, value(factor)]));
  return { factors: by((factor) => factor), newest: by(({ version }) => version), methodologies, groups };
}

/** What a scene that is not there yet would bring: the same answer as `previewVersion`. */
export function previewScene(change) {
  return api.post('staff/scenes/preview', change);
}

/** A scene that was not there: {document, starts_at, reason}; answers its first version. The server gives the number. */
export function createScene(change) {
  return api.post('staff/scenes', change);
}

function withFigures(scene) {
  const [first] = scene.variants;
  const whole = codeUnits(scene.unit);
  const cap = typeof scene.cap === 'number' ? { amount: String(scene.cap / whole), period: scene.period } : scene.cap;
  return { ...scene, cap, whole, points: scene.points ?? first.points, grams: scene.reduction_grams ?? first.grams_per_unit };
}

/** Scenes whose name, number, slug or class holds the words, of one class or all. */
export function filterScenes(scenes, words, sceneClass, className) {
  const wanted = words.trim().toLowerCase();
  const found = (scene) => [scene.name, scene.id, String(scene.number), className(scene.class)].some((text) => text.toLowerCase().includes(wanted));
  return scenes.filter((scene) => (!sceneClass || scene.class === sceneClass) && (!wanted || found(scene)));
}

/** The classes that occur, in the order of the scenes. */
export function classesOf(scenes) {
  return [...new Set(scenes.map((scene) => scene.class))];
}
