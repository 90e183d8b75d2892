/** Quantities as people write them: whole units on the screen, code units in documents (contract section 1). */

/** Code units of one whole unit: weights go by 10 g, distances by 100 m, energy by 0.1 kWh. */
const WHOLE_UNIT = { kg: 100, km: 10, kWh: 10 };

export const UNITS = ['piece', 'meal', 'night', 'trip', 'refill', 'drop', 'purchase', 'ticket', 'session', 'kg', 'km', 'kWh'];
/** The most that two bytes of a code can carry. */
export const QUANTITY_MAX = 65_535;

export function codeUnits(unit) {
  return WHOLE_UNIT[unit] ?? 1;
}

/** Code units as text of whole units: 20 of kg is "0.2". */
export function wholeText(quantity, unit) {
  return typeof quantity === 'number' ? String(quantity / codeUnits(unit)) : '';
}

/** Text of whole units as code units: "0.2" of kg is 20; NaN for what is no number, a fraction where it is too fine. */
export function quantityOf(text, unit) {
  const written = String(text).trim();
  if (!/^\d+(\.\d+)?$/.test(written)) return NaN;
  const quantity = Number(written) * codeUnits(unit);
  const nearest = Math.round(quantity);
  return Math.abs(quantity - nearest) < 1e-6 ? nearest : quantity;
}
