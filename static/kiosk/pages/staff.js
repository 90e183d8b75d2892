/** The staff's panel, behind a long press on the mark and the PIN: who is on duty, what is kept ready, the clock. */
import { html, useEffect, useState, useStore } from '../../shared/js/view.js';
import { inLanguage, t } from '../../shared/js/i18n.js';
import { Icon } from '../../shared/js/components.js';
import { closePanel, keepReady, openPanel, setClock, signIn, signOut, staff } from '../models/staff.js';
import { Keys, Typed } from './keys.js';
import { Refused } from './show.js';

const PIN_DIGITS_MIN = 6;
const PIN_DIGITS_MAX = 12;
const NAME_LENGTH_MAX = 20;   // of what can be typed here; the name itself may be longer
const DAY = 86_400_000;
const ISLAND_MILLISECONDS = 8 * 3_600_000;
const STEPS = [['year', 365 * DAY], ['month', 30 * DAY], ['day', DAY], ['hour', 3_600_000], ['minute', 60_000]];

function Pin({ problem, busy }) {
  const [pin, setPin] = useState('');
  const open = async () => { if (!await openPanel(pin)) setPin(''); };
  return html`
    <div class="staff-pin">
      <h1>${t('kiosk.staff.pin')}</h1>
      <${Typed} value=${pin} label=${t('kiosk.staff.pin')} secret />
      <${Refused} problem=${problem} />
      <${Keys} value=${pin} onChange=${setPin} max=${PIN_DIGITS_MAX} />
      <button type="button" class="main-key" disabled=${busy || pin.length < PIN_DIGITS_MIN} onClick=${open}><${Icon} name="key" /><span>${t('kiosk.staff.open')}</span></button>
    </div>`;
}

function Duty({ panel, busy }) {
  const [typing, setTyping] = useState(false);
  const [name, setName] = useState('');
  const begin = (clerk) => { setTyping(false); setName(''); signIn(clerk); };
  return html`
    <section class="staff-part">
      <h2><${Icon} name="user-check" />${t('kiosk.staff.duty')}</h2>
      <p class="quiet">${panel.clerk ? t('kiosk.staff.on_duty', { clerk: panel.clerk }) : t('kiosk.staff.nobody')}</p>
      <div class="choices">
        ${panel.names.map((known) => html`<button type="button" key=${known} aria-pressed=${known === panel.clerk} disabled=${busy} onClick=${() => begin(known)}>${known}</button>`)}
        <button type="button" aria-expanded=${typing} onClick=${() => setTyping(!typing)}><${Icon} name="plus" />${t('kiosk.staff.new_name')}</button>
        ${panel.clerk && html`<button type="button" disabled=${busy} onClick=${signOut}><${Icon} name="logout" />${t('kiosk.staff.off_duty')}</button>`}
      </div>
      ${typing && html`
        <${Typed} value=${name} label=${t('kiosk.staff.new_name')} />
        <${Keys} value=${name} onChange=${setName} max=${NAME_LENGTH_MAX} kind="letters" />
        <button type="button" class="main-key" disabled=${busy || name === ''} onClick=${() => begin(name)}><${Icon} name="check" /><span>${t('kiosk.staff.begin_duty')}</span></button>`}
    </section>`;
}

function Ready({ state, panel, busy }) {
  const scenes = state.scenes.filter(({ number }) => panel.ready_choices.includes(number));
  if (scenes.length === 0) return null;
  return html`
    <section class="staff-part">
      <h2><${Icon} name="scan" />${t('kiosk.staff.ready')}</h2>
      <p class="quiet">${t('kiosk.staff.ready_why')}</p>
      <div class="choices">
        <button type="button" aria-pressed=${panel.ready === null} disabled=${busy} onClick=${() => keepReady(null)}>${t('kiosk.staff.ready_none')}</button>
        ${scenes.map((scene) => html`
          <button type="button" key=${scene.number} aria-pressed=${scene.number === panel.ready} disabled=${busy} onClick=${() => keepReady(scene.number)}>
            <${Icon} name=${scene.icon} />${inLanguage(scene.name)}</button>`)}
      </div>
    </section>`;
}

/** Island time as a number whose UTC fields read like the island's clock. */
function islandNow(now) {
  return Math.floor(Date.parse(now) / 60_000) * 60_000 + ISLAND_MILLISECONDS;
}

function stepped(moment, name, step, direction) {
  const date = new Date(moment);
  if (name === 'year') date.setUTCFullYear(date.getUTCFullYear() + direction);
  else if (name === 'month') date.setUTCMonth(date.getUTCMonth() + direction);
  else return moment + direction * step;
  return date.getTime();
}

function Clock({ panel, busy }) {
  const [moment, setMoment] = useState(() => islandNow(panel.clock.now));
  const written = new Date(moment).toISOString().slice(0, 16).replace('T', ' ');
  const parts = written.split(/[- :]/);
  if (panel.clock.by_office) return html`<section class="staff-part"><h2><${Icon} name="clock" />${t('kiosk.staff.clock')}</h2><p class="quiet">${t('kiosk.staff.clock_by_office')}</p></section>`;
  return html`
    <section class="staff-part">
      <h2><${Icon} name="clock" />${t('kiosk.staff.clock')}</h2>
      <p class="quiet">${t(panel.clock.trusted ? 'kiosk.staff.clock_trusted' : 'kiosk.staff.clock_untrusted')}</p>
      <div class="clock-steps">
        ${STEPS.map(([name, step], place) => html`
          <div key=${name} role="group" aria-label=${t(`kiosk.staff.${name}`)}>
            <button type="button" onClick=${() => setMoment(stepped(moment, name, step, 1))} aria-label=${t('kiosk.staff.later', { part: t(`kiosk.staff.${name}`) })}>+</button>
            <b>${parts[place]}</b><small>${t(`kiosk.staff.${name}`)}</small>
            <button type="button" onClick=${() => setMoment(stepped(moment, name, step, -1))} aria-label=${t('kiosk.staff.earlier', { part: t(`kiosk.staff.${name}`) })}>−</button>
          </div>`)}
      </div>
      <button type="button" class="main-key" disabled=${busy} onClick=${() => setClock(written)}><${Icon} name="check" /><span>${t('kiosk.staff.set_clock', { time: written })}</span></button>
    </section>`;
}

export function StaffPanel({ state, goHome }) {
  const { panel, problem, busy } = useStore(staff);
  useEffect(() => closePanel, []);
  if (!panel) return html`<div class="view staff"><${Pin} problem=${problem} busy=${busy} /></div>`;
  return html`
    <div class="view staff">
      <h1>${t('kiosk.staff.title')}</h1>
      <${Refused} problem=${problem} />
      ${panel.attended && html`<${Duty} panel=${panel} busy=${busy} />`}
      <${Ready} state=${state} panel=${panel} busy=${busy} />
      <${Clock} panel=${panel} busy=${busy} />
      <button type="button" class="quiet-key" onClick=${goHome}><${Icon} name="logout" /><span>${t('kiosk.staff.close')}</span></button>
    </div>`;
}
