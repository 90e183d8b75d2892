/** Before the machine's first answer: the island, and a sentence instead of a blank screen. */
import { html } from '../../shared/js/view.js';
import { t } from '../../shared/js/i18n.js';
import { Panorama } from './panorama.js';

export function Connecting({ answering }) {
  return html`
    <div class="screen screen-attract">
      <div class="scenery"><${Panorama} /></div>
      <p class="connecting" role="status">${t(answering ? 'kiosk.starting' : 'kiosk.notice.reconnecting')}</p>
    </div>`;
}
