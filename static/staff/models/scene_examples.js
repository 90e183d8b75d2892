/** What one act of each variant brings, before and after a version that waits: the arithmetic of contract section 4. */
import { codeUnits, wholeText } from './quantities.js';

function pointsOf({ unit, step, points }, quantity) {
  if (unit === 'kg') return Math.floor((quantity * points) / 100);
  return step > 1 ? Math.floor(quantity / step) * points : quantity * points;
}

function gramsOf({ unit, factor }, factors, quantity) {
  const found = factors.find(({ id }) => id === factor);
  return found ? Math.floor((Number(found.value) * quantity) / codeUnits(unit)) : null;
}

/** `before` and `after` are {document, factors}; `before` is null for a scene that was never in force. */
export function examplesOf(before, after, language) {
  return after.document.variants.map((variant) => {
    const quantity = Math.max(codeUnits(variant.unit), variant.step);
    const earlier = before?.document.variants.find(({ number }) => number === variant.number);
    return {
      variant: variant.number, name: variant[`name_${language}`], quantity: wholeText(quantity, variant.unit),
      points_before: earlier ? pointsOf(earlier, quantity) : null, points_after: pointsOf(variant, quantity),
      grams_before: earlier ? gramsOf(earlier, before.factors, quantity) : null, grams_after: gramsOf(variant, after.factors, quantity),
    };
  });
}
