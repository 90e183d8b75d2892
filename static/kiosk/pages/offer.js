/** One scene with what it earns, as a line of the attract screen and as the head of the pages that follow. */
import { html } from '../../shared/js/view.js';
import { inLanguage, t } from '../../shared/js/i18n.js';
import { signedPoints } from '../../shared/js/format.js';
import { Icon } from '../../shared/js/components.js';

/** The points of a scene for one whole unit: "+10 points a kg", "+5 points". */
export function Earned({ scene, variant = scene.variants[0] }) {
  return html`
    <span class="earned">
      <b>${signedPoints(variant.points)}</b> ${t('kiosk.points', { points: variant.points })} <small>${t(`kiosk.per.${scene.unit}`)}</small>
    </span>`;
}

export function Offer({ scene }) {
  return html`
    <div class="offer">
      <span class="offer-icon"><${Icon} name=${scene.icon} /></span>
      <span class="offer-name">${inLanguage(scene.name)}<small class="offer-how">${inLanguage(scene.how)}</small></span>
      <${Earned} scene=${scene} />
    </div>`;
}

export function SceneHead({ scene, variant }) {
  return html`
    <div class="scene-head">
      <span class="offer-icon"><${Icon} name=${scene.icon} /></span>
      <div><h1>${inLanguage(scene.name)}</h1><p>${inLanguage(scene.how)}</p></div>
      <${Earned} scene=${scene} variant=${variant} />
    </div>`;
}
