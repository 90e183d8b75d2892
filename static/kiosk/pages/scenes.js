/** What can be done at this place: one to eight big tiles. */
import { html } from '../../shared/js/view.js';
import { inLanguage, t } from '../../shared/js/i18n.js';
import { Icon } from '../../shared/js/components.js';
import { choose } from '../models/visit.js';
import { Earned } from './offer.js';

function Tile({ scene }) {
  return html`
    <button type="button" class="tile" onClick=${() => choose(scene)}>
      <span class="offer-icon"><${Icon} name=${scene.icon} /></span>
      <span class="tile-name">${inLanguage(scene.name)}</span>
      <span class="tile-how">${inLanguage(scene.how)}</span>
      <${Earned} scene=${scene} />
    </button>`;
}

export function Scenes({ state }) {
  return html`
    <div class="view">
      <h1 class="view-title">${t('kiosk.which')}</h1>
      <div class="tiles" data-count=${state.scenes.length} data-many=${state.scenes.length > 3 ? 'yes' : 'no'}>
        ${state.scenes.map((scene) => html`<${Tile} key=${scene.number} scene=${scene} />`)}
      </div>
    </div>`;
}
