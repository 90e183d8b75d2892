/** What can be done at this place: one to eight big tiles. */
import { html } from '../../shared/js/view.js';
import { inLanguage, t } from '../../shared/js/i18n.js';
import { Icon } from '../../shared/js/components.js';
import { touchScene } from '../models/reading.js';
import { visit as person } from '../models/visit.js';
import { Earned } from './offer.js';

/** Why this tile can't be touched now, or null: no scale, or no part of a reading that was begun. */
function whyNot(scene, state, basket) {
  if (scene.weighed && state.scale.state !== 'ready') return 'kiosk.no_scale';
  if (basket.length === 0) return null;
  if (!scene.ways.member) return 'kiosk.not_with_others';
  return basket.some((line) => line.scene.number === scene.number && !scene.room) ? 'kiosk.chosen_already' : null;
}

function Tile({ scene, why }) {
  return html`
    <button type="button" class="tile" disabled=${why !== null} onClick=${() => touchScene(scene)}>
      <span class="offer-icon"><${Icon} name=${scene.icon} /></span>
      <span class="tile-name">${inLanguage(scene.name)}</span>
      <span class=${why ? 'tile-how tile-why' : 'tile-how'}>${why ? t(why) : inLanguage(scene.how)}</span>
      <${Earned} scene=${scene} />
    </button>`;
}

/** A reading that is under way: a code that was shown first, or acts that wait for one. */
function UnderWay({ waiting, basket }) {
  if (basket.length > 0) {
    return html`<button type="button" class="under-way" onClick=${() => person.set((before) => ({ ...before, page: 'show' }))}>
      <${Icon} name="clipboard-check" /><span>${t('kiosk.chosen', { acts: basket.length })}</span><b>${t('kiosk.show_code')}</b></button>`;
  }
  return waiting && html`<p class="under-way" role="status"><${Icon} name="id" /><span>${t('kiosk.code_waits')}</span></p>`;
}

export function Scenes({ state, visit }) {
  return html`
    <div class="view">
      <h1 class="view-title">${t('kiosk.which')}</h1>
      <${UnderWay} waiting=${visit.waiting} basket=${visit.basket} />
      <div class="tiles" data-count=${state.scenes.length} data-many=${state.scenes.length > 3 ? 'yes' : 'no'}>
        ${state.scenes.map((scene) => html`<${Tile} key=${scene.number} scene=${scene} why=${whyNot(scene, state, visit.basket)} />`)}
      </div>
    </div>`;
}
