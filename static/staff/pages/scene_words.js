/** The words of a scene's rule, the same in the table, the drawer and the export. */
import { decimal } from '../../shared/js/format.js';
import { hasWords, t } from '../../shared/js/i18n.js';
import { wholeText } from '../models/quantities.js';

const UNITS = [['day', 86_400], ['hour', 3_600], ['minute', 60]];

export const className = (sceneClass) => (hasWords(`class.${sceneClass}`) ? t(`class.${sceneClass}`) : sceneClass);
export const unitName = (unit, amount = 1) => t(`unit.${unit}`, { amount });
export const periodName = (period) => t(`period.${period}`);
export const proofNames = (proofs) => proofs.map((proof) => `${proof} ${t(`proof.${proof}`)}`);

/** "20 min", "3 h", "25 days". */
export function coolDown(seconds) {
  const [unit, size] = UNITS.find(([, length]) => seconds >= length && seconds % length === 0) ?? ['second', 1];
  return seconds === 0 ? t('cool_down.none') : t(`cool_down.${unit}`, { number: seconds / size });
}

/** The cap of a document: "3 meals a day". */
export function capWords({ cap, period, variants: [{ unit }] }) {
  const amount = wholeText(cap, unit);
  return t('cap.of', { amount: decimal(amount), unit: unitName(unit, amount), period: periodName(period) });
}

/** What the points of a variant are paid for: "a meal", "per 2 km". */
export function stepWords({ step, unit }) {
  const amount = unit === 'kg' ? '1' : wholeText(step, unit);
  return amount === '1' ? t('scene.per', { unit: unitName(unit) }) : t('scene.per_many', { amount, unit: unitName(unit, amount) });
}

/** The quantities one act may have: "1 meal", "0.2 – 10 kg". */
export function quantitiesOf({ min_quantity: least, max_quantity: most, unit }) {
  const [from, until] = [wholeText(least, unit), wholeText(most, unit)];
  return `${from === until ? from : `${from} – ${decimal(until)}`} ${unitName(unit, until)}`;
}

/** Grams per whole unit as published; 0 says that nothing defensible is claimed. */
export function gramsOf(value) {
  return `${decimal(value)} g`;
}

export function attestedWord(attested) {
  if (attested === undefined || attested === null) return '';
  return t(attested ? 'attested.yes' : 'attested.no');
}
