/** Which kind, how much, and how to take the points along: a code for the phone now, or a paper ticket. */
import { html } from '../../shared/js/view.js';
import { inLanguage, t } from '../../shared/js/i18n.js';
import { count } from '../../shared/js/format.js';
import { Icon } from '../../shared/js/components.js';
import { needsQuantity, pointsFor, stepsOf, writtenQuantity } from '../models/amount.js';
import { changeQuantity, chooseVariant, issue } from '../models/visit.js';
import { SceneHead } from './offer.js';
import { Problem } from './problem.js';

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

/** The ways of this scene; the first one is the main key. */
function Ways({ scene, busy }) {
  const ways = [scene.ways.single && ['single', 'qrcode'], scene.ways.ticket && ['ticket', 'receipt']].filter(Boolean);
  if (ways.length === 0) return html`<p class="by-staff"><${Icon} name="user-check" />${t('kiosk.by_staff')}</p>`;
  return html`
    <div class="ways">
      ${ways.map(([way, icon], index) => html`
        <button type="button" key=${way} class=${index === 0 ? 'main-key' : 'quiet-key'} disabled=${busy} onClick=${() => issue(way)}>
          <${Icon} name=${icon} /><span>${t(`kiosk.way.${way}`)}<small>${t(`kiosk.way.${way}.why`)}</small></span>
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
      <${Ways} scene=${scene} busy=${busy} />
    </div>`;
}
