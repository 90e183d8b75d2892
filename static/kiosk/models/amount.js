/**
 * Quantities of a scene: integers in the code's own units (1 piece, 10 g, 100 m, 0.1 kWh), as a person turns
 * them up and down. The points are a promise of the rule only; the server decides what is credited.
 */
const MEASURED = { kg: { steps: [10, 100], decimals: 1 }, km: { steps: [10], decimals: 0 }, kWh: { steps: [10, 100], decimals: 0 } };
const COUNTED = ['piece', 'night', 'drop'];

/** True when a person has to say how many. What is weighed, walked or metered is never typed in. */
export function needsQuantity(scene) {
  const { min, max } = scene.quantity;
  return max > min && COUNTED.includes(scene.unit);
}

/** What the screen begins with: one whole unit, inside the scene's limits. */
export function firstQuantity(scene) {
  return within(scene, scene.quantity.one);
}

/** The quantity, kept between the scene's least and most. */
export function within(scene, quantity) {
  return Math.min(Math.max(quantity, scene.quantity.min), scene.quantity.max);
}

/** The steps of the plus and minus keys, smallest first. */
export function stepsOf(scene) {
  const steps = MEASURED[scene.unit]?.steps ?? (scene.quantity.max >= 10 ? [1, 5] : [1]);
  return steps.filter((step) => step < scene.quantity.max - scene.quantity.min + 1);
}

/** The quantity in whole units as written: 120 of 10 g is "1.2". */
export function writtenQuantity(scene, quantity) {
  const decimals = MEASURED[scene.unit]?.decimals ?? 0;
  const one = scene.quantity.one;
  const tenths = Math.trunc((quantity * 10) / one);
  return decimals === 0 && tenths % 10 === 0 ? String(tenths / 10) : `${Math.trunc(tenths / 10)}.${tenths % 10}`;
}

/** The most points that the rule gives for this quantity: no more than the cap counts, nights have a cap each. */
export function pointsFor(scene, variant, quantity) {
  const counted = scene.period === 'night' ? quantity : Math.min(quantity, scene.cap_units);
  if (scene.unit === 'kg') return Math.trunc((counted * variant.points) / scene.quantity.one);
  return Math.trunc(counted / variant.step) * variant.points;
}
