/** The words of a scene's rule, the same in the table, the drawer and the export. */
import { decimal } from '../../shared/js/format.js';
import { hasWords, t } from '../../shared/js/i18n.js';

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

export function capOf(scene) {
  return t('cap.of', { amount: decimal(scene.cap.amount), unit: unitName(scene.unit, scene.cap.amount), period: periodName(scene.cap.period) });
}

/** Grams per whole unit as published; 0 says that nothing defensible is claimed. */
export function gramsOf(value) {
  return `${decimal(value)} g`;
}

export function attestedWord(attested) {
  if (attested === undefined || attested === null) return '';
  return t(attested ? 'attested.yes' : 'attested.no');
}
