/** What stands around every page of the kiosk: mark and switches above, the way back below, words of state. */
import { html, useEffect, useRef, useStore } from '../../shared/js/view.js';
import { inLanguage, t } from '../../shared/js/i18n.js';
import { preferences } from '../../shared/js/preferences.js';
import { Icon, Mark } from '../../shared/js/components.js';
import { enlargeText, switchLanguage } from '../models/guest.js';
import { noticesOf, waitingSince } from '../models/machine.js';
import { touched } from '../models/stillness.js';
import { move, stepBack } from '../models/visit.js';

const NOTICE_ICONS = {
  reconnecting: 'refresh', not_provisioned: 'alert-triangle', agreement_stopped: 'alert-triangle', suspended: 'ban', offline: 'wifi-off',
  agreement_old: 'clock', clock: 'clock', paper_out: 'printer-off',
  cut: 'wifi-off', offline_waiting: 'wifi-off', disk_full: 'alert-triangle', disk_read_only: 'alert-triangle',
  disk_failing: 'alert-triangle', journal_damaged: 'alert-triangle', counters_unknown: 'alert-triangle',
  disk_rolled_back: 'alert-triangle', kept_aside: 'alert-triangle',
};

const DOOR_MILLISECONDS = 2_000;

/** The mark; pressed for two seconds it is the door to the staff's panel, which asks for a PIN. */
function StaffDoor() {
  const timer = useRef(null);
  const press = (event) => {
    if (event.repeat || (event.key && event.key !== 'Enter')) return;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => move({ page: 'staff', problem: null }), DOOR_MILLISECONDS);
  };
  const release = () => clearTimeout(timer.current);
  const never = (event) => event.stopPropagation();
  return html`
    <button type="button" class="head-mark" aria-label=${t('kiosk.staff.door')} onClick=${never} onPointerDown=${press} onPointerUp=${release}
            onPointerLeave=${release} onPointerCancel=${release} onKeyDown=${press} onKeyUp=${release} onBlur=${release}><${Mark} /></button>`;
}

export function Header({ state }) {
  const { language, text } = useStore(preferences);
  return html`
    <header class="head">
      <${StaffDoor} />
      <div class="head-names">
        <span class="head-name">${t('kiosk.product')}${state.demonstration && html`<small class="head-demo">${t('kiosk.demonstration')}</small>`}</span>
        <span class="head-venue">${inLanguage(state.venue)}</span>
      </div>
      <button type="button" class="head-key" onClick=${switchLanguage} lang=${language === 'zh' ? 'en' : 'zh-CN'}>
        <${Icon} name="language" />${language === 'zh' ? 'English' : '中文'}
      </button>
      <button type="button" class="head-key" onClick=${enlargeText} aria-label=${t('kiosk.text_size', { size: text + 1 })}>
        <span class="head-letter" aria-hidden="true">${language === 'zh' ? '大字' : 'Aa+'}</span>
        <span class="head-dots" aria-hidden="true">${[0, 1, 2].map((size) => html`<i class=${size <= text ? 'on' : ''}></i>`)}</span>
      </button>
    </header>`;
}

export function Notices({ state, answering }) {
  const [first] = noticesOf(state, answering);
  if (!first) return null;
  const serious = first === 'reconnecting' || !state.issuing;
  return html`
    <p class=${serious ? 'notice notice-serious' : 'notice'} role="status">
      <${Icon} name=${NOTICE_ICONS[first]} />
      <span>${t(`kiosk.notice.${first}`, { days: state.agreement.age_days, queue: state.queue, since: waitingSince(state) })}</span>
    </p>`;
}

export function Footer({ state, goHome }) {
  return html`
    <footer class="foot">
      <button type="button" class="foot-key" onClick=${() => stepBack(state)}><${Icon} name="arrow-left" />${t('kiosk.back')}</button>
      <button type="button" class="foot-key" onClick=${goHome}><${Icon} name="home" />${t('kiosk.start_over')}</button>
    </footer>`;
}

/** The last seconds before the screen goes back. Any touch or key keeps the visit. */
export function StillThere({ left, goHome }) {
  const stay = useRef(null);
  useEffect(() => stay.current.focus(), []);
  return html`
    <div class="still" role="alertdialog" aria-modal="true" aria-label=${t('kiosk.still_there')}>
      <div class="still-card">
        <p class="still-left" aria-hidden="true">${left}</p>
        <h2>${t('kiosk.still_there')}</h2>
        <p>${t('kiosk.still_why', { seconds: left })}</p>
        <button type="button" class="main-key" ref=${stay} onClick=${() => touched()}>${t('kiosk.still_here')}</button>
        <button type="button" class="quiet-key" onClick=${goHome}>${t('kiosk.start_over')}</button>
      </div>
    </div>`;
}
