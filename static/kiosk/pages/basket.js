/** The acts of one reading, as lines: what, how much, up to how many points; each can be taken out again. */
import { html } from '../../shared/js/view.js';
import { inLanguage, t } from '../../shared/js/i18n.js';
import { count } from '../../shared/js/format.js';
import { Icon } from '../../shared/js/components.js';
import { writtenQuantity } from '../models/amount.js';
import { promiseOf, removeLine } from '../models/reading.js';

/** Grams as kilograms with two decimals, cut off: 1,899 is 1.89. */
export function kilogramsWritten(grams) {
  const hundredths = Math.trunc(Math.abs(grams) / 10);
  return `${grams < 0 && hundredths > 0 ? '−' : ''}${Math.trunc(hundredths / 100)}.${String(hundredths % 100).padStart(2, '0')}`;
}

function amountOf({ scene, quantity, grams }) {
  if (grams !== null) return `${kilogramsWritten(grams)} ${t('kiosk.unit.kg')}`;
  const amount = scene.route ?? quantity;
  if (amount === null || amount === scene.quantity.one) return '';
  const written = writtenQuantity(scene, amount);
  return `${written} ${t(`kiosk.unit.${scene.unit}`, { amount: written })}`;
}

function detailsOf(line) {
  const { scene, variant, room } = line;
  const kind = scene.variants.length > 1 ? inLanguage(scene.variants.find(({ number }) => number === variant).name) : '';
  return [kind, amountOf(line), room && t('kiosk.room_is', { room })].filter(Boolean).join(' · ');
}

export function Line({ line, children }) {
  const details = detailsOf(line);
  return html`
    <li class="line">
      <span class="offer-icon"><${Icon} name=${line.scene.icon} /></span>
      <span class="line-name">${inLanguage(line.scene.name)}${details && html`<small>${details}</small>`}</span>
      <span class="line-points">${t('kiosk.up_to', { points: count(promiseOf(line)) })}</span>
      ${children}
    </li>`;
}

/** The lines with a key beside each that takes it out. */
export function Basket({ lines }) {
  return html`
    <ul class="basket" aria-label=${t('kiosk.basket')}>
      ${lines.map((line, index) => html`
        <${Line} key=${`${line.scene.number}-${line.room}`} line=${line}>
          <button type="button" class="line-key" onClick=${() => removeLine(index)} aria-label=${t('kiosk.take_out', { scene: inLanguage(line.scene.name) })}>
            <${Icon} name="x" />
          </button>
        <//>`)}
    </ul>`;
}
