/** The scenes with the rule in force, in numbers that can be compared. */
import { readOrLast } from './session.js';

/** Code units of one whole unit: weights go by 10 g, distances by 100 m, energy by 0.1 kWh. */
const WHOLE_UNIT = { kg: 100, km: 10, kWh: 10 };

export async function readScenes() {
  return (await readOrLast('staff/scenes')).data.map(withFigures);
}

function withFigures(scene) {
  const [first] = scene.variants;
  const whole = WHOLE_UNIT[scene.unit] ?? 1;
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
