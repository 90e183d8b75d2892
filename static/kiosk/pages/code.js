/** A single-use code on the screen: big, with its seconds; then thanks, or what to do when it has run out. */
import { html } from '../../shared/js/view.js';
import { inLanguage, t } from '../../shared/js/i18n.js';
import { signedPoints } from '../../shared/js/format.js';
import { Icon } from '../../shared/js/components.js';
import { pointsFor } from '../models/amount.js';
import { issue, renew } from '../models/visit.js';
import { SceneHead } from './offer.js';
import { Problem } from './problem.js';

const STANDS_SECONDS = 60;

function Seconds({ left }) {
  return html`
    <div class=${left <= 10 ? 'seconds seconds-few' : 'seconds'}>
      <svg class="seconds-bar" viewBox="0 0 60 2" preserveAspectRatio="none" aria-hidden="true">
        <rect class="seconds-ground" width="60" height="2" /><rect class="seconds-left" width=${Math.min(left, STANDS_SECONDS)} height="2" />
      </svg>
      <span>${t('kiosk.seconds', { seconds: left })}</span>
    </div>`;
}

/** A weighing or a quiz is good for one code: its other way out is the same code once more. */
const isProved = ({ weighing, quiz }) => weighing !== null || quiz !== null;

function TicketKey({ visit, main = false }) {
  const { scene, busy } = visit;
  if (!scene.ways.ticket || isProved(visit)) return null;
  return html`
    <button type="button" class=${main ? 'main-key' : 'quiet-key'} disabled=${busy} onClick=${() => issue('ticket')}>
      <${Icon} name="receipt" /><span>${t('kiosk.way.ticket')}<small>${t('kiosk.way.ticket.why')}</small></span>
    </button>`;
}

function Showing({ visit, variant }) {
  const { scene, code } = visit;
  return html`
    <div class="view code-page">
      <${SceneHead} scene=${scene} variant=${variant} />
      <div class="qr-card">
        <img class="qr" src=${code.qr} alt=${t('kiosk.code_alt', { scene: inLanguage(scene.name) })} />
        <${Seconds} left=${code.seconds_left} />
      </div>
      <div class="code-words">
        <p class="scan-me"><${Icon} name="device-mobile" />${t('kiosk.scan_how')}</p>
        <p class="quiet">${t('kiosk.scan_once')}</p>
        <${TicketKey} visit=${visit} />
      </div>
    </div>`;
}

function Thanks({ visit, variant, goHome }) {
  const points = pointsFor(visit.scene, variant, visit.weighing?.quantity ?? visit.quantity);
  return html`
    <div class="view outcome outcome-pine" role="status">
      <span class="outcome-icon"><${Icon} name="check" /></span>
      <h1>${t('kiosk.thanks')}</h1>
      <p class="outcome-figure">${t('kiosk.thanks_points', { points: signedPoints(points), count: points, scene: inLanguage(visit.scene.name) })}</p>
      <p>${t('kiosk.thanks_where')}</p>
      <div class="ways"><button type="button" class="quiet-key" onClick=${goHome}><${Icon} name="home" /><span>${t('kiosk.done')}</span></button></div>
    </div>`;
}

function RunOut({ visit }) {
  const { busy } = visit;
  return html`
    <div class="view outcome outcome-amber" role="status">
      <span class="outcome-icon"><${Icon} name="hourglass" /></span>
      <h1>${t('kiosk.run_out')}</h1>
      <p>${t('kiosk.run_out_what')}</p>
      <div class="ways">
        <button type="button" class="main-key" disabled=${busy} onClick=${() => (isProved(visit) ? renew() : issue('single'))}><${Icon} name="qrcode" /><span>${t('kiosk.new_code')}</span></button>
        <${TicketKey} visit=${visit} />
      </div>
    </div>`;
}

export function CodePage({ visit, goHome }) {
  const variant = visit.scene.variants.find((each) => each.number === visit.variant);
  if (visit.problem) return html`<${Problem} visit=${visit} goHome=${goHome} />`;
  if (visit.code.state === 'used') return html`<${Thanks} visit=${visit} variant=${variant} goHome=${goHome} />`;
  if (visit.code.state === 'expired') return html`<${RunOut} visit=${visit} />`;
  return html`<${Showing} visit=${visit} variant=${variant} />`;
}
