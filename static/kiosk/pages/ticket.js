/** A ticket: take the paper; or, when there is none, photograph the ticket from the screen. */
import { html } from '../../shared/js/view.js';
import { inLanguage, t } from '../../shared/js/i18n.js';
import { Icon } from '../../shared/js/components.js';
import { SceneHead } from './offer.js';
import { Problem } from './problem.js';

function Done({ goHome }) {
  return html`<button type="button" class="main-key" onClick=${goHome}><${Icon} name="check" /><span>${t('kiosk.done')}</span></button>`;
}

function Printed({ code, goHome }) {
  return html`
    <div class="view ticket-page">
      <div class="slot">
        <span class="slot-mouth"></span>
        ${code.preview && html`<img class="slip slip-moving" src=${code.preview} alt=${t('kiosk.ticket_alt', { number: code.ticket_number })} />`}
      </div>
      <div class="code-words">
        <h1>${t('kiosk.take_ticket')}</h1>
        <p>${t('kiosk.ticket_lives')}</p>
        <p class="ticket-number">${t('kiosk.ticket_number', { number: code.ticket_number })}</p>
        <${Done} goHome=${goHome} />
      </div>
    </div>`;
}

function OnScreen({ visit, variant, goHome }) {
  const { scene, code } = visit;
  return html`
    <div class="view code-page ticket-shown">
      <${SceneHead} scene=${scene} variant=${variant} />
      <div class="qr-card"><img class="qr" src=${code.qr} alt=${t('kiosk.ticket_alt', { number: code.ticket_number })} />
        <p class="ticket-number">${t('kiosk.ticket_number', { number: code.ticket_number })}</p></div>
      <div class="code-words">
        <p class="scan-me"><${Icon} name="camera" />${t('kiosk.no_paper')}</p>
        <p class="quiet">${t('kiosk.ticket_lives')}</p>
        ${code.preview && html`<img class="slip" src=${code.preview} alt=${inLanguage(scene.name)} />`}
        <${Done} goHome=${goHome} />
      </div>
    </div>`;
}

export function TicketPage({ visit, goHome }) {
  const variant = visit.scene.variants.find((each) => each.number === visit.variant);
  if (visit.problem) return html`<${Problem} visit=${visit} goHome=${goHome} />`;
  if (visit.code.printed) return html`<${Printed} code=${visit.code} goHome=${goHome} />`;
  return html`<${OnScreen} visit=${visit} variant=${variant} goHome=${goHome} />`;
}
