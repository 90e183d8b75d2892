/** Thank you: what is on this kiosk's disk now. Points are the office's to decide, so no figure here is a promise. */
import { html } from '../../shared/js/view.js';
import { t } from '../../shared/js/i18n.js';
import { count } from '../../shared/js/format.js';
import { Icon } from '../../shared/js/components.js';
import { readyScene } from '../models/reading.js';
import { Line } from './basket.js';

function Next({ state, kept, basket }) {
  const walked = basket.some(({ scene }) => scene.route);
  return html`
    <ul class="kept-facts">
      <li><${Icon} name=${state.online ? 'cloud-upload' : 'wifi-off'} /><span>${t(state.online ? 'kiosk.kept_online' : 'kiosk.kept_offline')}</span></li>
      ${!kept.clock_trusted && html`<li><${Icon} name="clock" /><span>${t('kiosk.kept_clock')}</span></li>`}
      ${walked && html`<li><${Icon} name="trekking" /><span>${t('kiosk.trail_other_end')}</span></li>`}
      ${kept.kind === 'card' && html`<li><${Icon} name="id" /><span>${t('kiosk.kept_card')}</span></li>`}
    </ul>`;
}

export function Kept({ state, visit, goHome }) {
  const { kept, basket } = visit;
  return html`
    <div class="view kept" role="status">
      <div class="kept-words">
        <span class="outcome-icon"><${Icon} name="clipboard-check" /></span>
        <h1>${t('kiosk.kept')}</h1>
        <p class="kept-points">${t('kiosk.kept_up_to', { points: count(kept.points_up_to) })}</p>
        <p class="quiet">${t('kiosk.kept_rule')}</p>
      </div>
      <div class="kept-more">
        <ul class="basket">${basket.map((line) => html`<${Line} key=${`${line.scene.number}-${line.room}`} line=${line} />`)}</ul>
        <${Next} state=${state} kept=${kept} basket=${basket} />
        <button type="button" class="main-key" onClick=${goHome}>
          <${Icon} name="check" /><span>${t('kiosk.done')}${readyScene(state) && html`<small>${t('kiosk.next_person')}</small>`}</span>
        </button>
      </div>
    </div>`;
}
