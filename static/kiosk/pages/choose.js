/** Which kind, how much, and how to take the points along: a code for the phone now, or a paper ticket. */
import { html } from '../../shared/js/view.js';
import { inLanguage, t } from '../../shared/js/i18n.js';
import { count } from '../../shared/js/format.js';
import { Icon } from '../../shared/js/components.js';
import { needsQuantity, pointsFor, stepsOf, writtenQuantity } from '../models/amount.js';
import { addLine, lineOf } from '../models/reading.js';
import { changeQuantity, changeRoom, chooseVariant, issue } from '../models/visit.js';
import { Keys, Typed } from './keys.js';
import { SceneHead } from './offer.js';
import { Problem } from './problem.js';

const ROOM_LENGTH_MAX = 8;

function Variants({ scene, chosen }) {
  if (scene.variants.length < 2) return null;
  return html`
    <div class="variants" role="radiogroup" aria-label=${t('kiosk.which_kind')}>
      ${scene.variants.map((variant) => html`
        <button type="button" role="radio" key=${variant.number} aria-checked=${variant.number === chosen}
                onClick=${() => chooseVariant(variant.number)}>
          <${Icon} name="circle-check" />${inLanguage(variant.name)}
        </button>`)}
    </div>`;
}

function StepKey({ scene, step, quantity }) {
  const past = step < 0 ? quantity <= scene.quantity.min : quantity >= scene.quantity.max;
  const written = writtenQuantity(scene, Math.abs(step));
  return html`
    <button type="button" class="step-key" disabled=${past} onClick=${() => changeQuantity(step)}
            aria-label=${t(step < 0 ? 'kiosk.less' : 'kiosk.more', { amount: written, unit: t(`kiosk.unit.${scene.unit}`, { amount: written }) })}>
      ${step < 0 ? '−' : '+'}${stepsOf(scene).length > 1 ? written : ''}
    </button>`;
}

function Stepper({ scene, variant, quantity }) {
  if (!needsQuantity(scene)) return null;
  const steps = stepsOf(scene);
  const written = writtenQuantity(scene, quantity);
  const key = (step) => html`<${StepKey} key=${step} scene=${scene} step=${step} quantity=${quantity} />`;
  return html`
    <div class="stepper" role="group" aria-label=${t('kiosk.how_much')}>
      <output class="step-value" aria-live="polite"><b>${written}</b> ${t(`kiosk.unit.${scene.unit}`, { amount: written })}</output>
      <span class="step-keys">${steps.map((step) => -step).reverse().map(key)}</span>
      <span class="step-keys">${steps.map(key)}</span>
      <p class="promise">${t('kiosk.promise', { points: count(pointsFor(scene, variant, quantity)) })}</p>
    </div>`;
}

/** Where the cap is one room's, a reading has to say which; a ticket is a room of its own. */
function Room({ scene, room }) {
  if (!scene.room || !scene.ways.member) return null;
  return html`
    <div class="room">
      <span class="room-name">${t('kiosk.room')}</span><${Typed} value=${room} label=${t('kiosk.room')} />
      <${Keys} value=${room} onChange=${changeRoom} max=${ROOM_LENGTH_MAX} kind="rooms" />
    </div>`;
}

/** The ways of this scene; the first one is the main key. With acts chosen already there is one: the same reading. */
function Ways({ visit }) {
  const { scene, variant, quantity, room, quiz, busy, basket } = visit;
  const more = basket.length > 0;
  const toBasket = () => addLine(lineOf(scene, { variant, quantity: scene.route ? null : quantity, room: scene.room ? room : null, quiz }));
  const ways = [
    scene.ways.single && !more && ['single', 'qrcode', () => issue('single')],
    scene.ways.member && ['member', 'id', toBasket, scene.room && room === ''],
    scene.ways.ticket && !more && ['ticket', 'receipt', () => issue('ticket')],
  ].filter(Boolean);
  if (ways.length === 0) return html`<p class="by-staff"><${Icon} name="user-check" />${t('kiosk.by_staff')}</p>`;
  return html`
    <div class="ways">
      ${ways.map(([way, icon, take, waits], index) => html`
        <button type="button" key=${way} class=${index === 0 ? 'main-key' : 'quiet-key'} disabled=${busy || waits} onClick=${take}>
          <${Icon} name=${icon} /><span>${t(`kiosk.way.${way}`)}<small>${t(waits ? 'kiosk.room_first' : `kiosk.way.${way}.why`)}</small></span>
        </button>`)}
    </div>`;
}

export function Choose({ visit, goHome }) {
  const { scene, variant: number, quantity, busy, problem } = visit;
  const variant = scene.variants.find((each) => each.number === number);
  if (problem) return html`<${Problem} visit=${visit} goHome=${goHome} />`;
  return html`
    <div class="view choose">
      <${SceneHead} scene=${scene} variant=${variant} />
      <${Variants} scene=${scene} chosen=${number} />
      <${Stepper} scene=${scene} variant=${variant} quantity=${quantity} />
      <${Room} scene=${scene} room=${visit.room} />
      <${Ways} visit=${visit} />
    </div>`;
}
