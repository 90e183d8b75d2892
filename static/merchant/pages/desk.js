/** The counter's own page: the camera, one field for what is typed or read by a USB scanner, and the day's sum. */
import { html, useEffect, useRef, useState, useStore } from '../../shared/js/view.js';
import { Button, Icon, List } from '../../shared/js/components.js';
import { Scanner } from '../../shared/js/scanner.js';
import { count, fen } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { to } from '../../shared/js/router.js';
import { counter, isJustAnswered, lookUp } from '../models/counter.js';
import { session } from '../models/session.js';
import { scenes } from '../models/till.js';
import { today } from '../models/today.js';
import { undo } from '../models/undos.js';
import { RedemptionCell } from './redemptions.js';
import { VoucherSheet } from './voucher_sheet.js';

function Head() {
  const { merchant } = useStore(session);
  return html`
    <header class="desk-head">
      <h1>${merchant?.name ?? t('counter.title')}</h1>
      <a class="desk-settings" href=${to('settings')} aria-label=${t('counter.settings')}><${Icon} name="settings" /></a>
    </header>`;
}

/** Count and sum of today, always in sight; pressed, it opens the list. */
function DaySum() {
  const { today: sum } = useStore(today);
  return html`
    <a class="day-sum" href=${to('today')}>
      <span class="day-label">${t('counter.today')}</span>
      <span class="day-figure"><b>${sum ? count(sum.count) : '–'}</b> ${t('counter.vouchers', { count: sum?.count ?? 0 })}</span>
      <span class="day-figure"><b>${sum ? fen(sum.settlement_fen) : '–'}</b></span>
      <${Icon} name="chevron-right" small />
    </a>`;
}

/** The way to confirm what a guest did, where this shop may. */
function ActsLink() {
  const offered = useStore(scenes);
  if (!offered?.length) return null;
  return html`<a class="day-sum acts-link" href=${to('acts')}><${Icon} name="leaf" /><span class="acts-link-word">${t('acts.title')}</span>
    <${Icon} name="chevron-right" small /></a>`;
}

/** Keys that come while nothing has the focus (a USB scanner) go into the field. */
function useScannerKeys(field, stage) {
  useEffect(() => {
    const lead = (event) => {
      const elsewhere = event.target.closest?.('input, textarea, select, dialog, [contenteditable]');
      if (!elsewhere && event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) field.current?.focus();
    };
    document.addEventListener('keydown', lead);
    return () => document.removeEventListener('keydown', lead);
  }, []);
  useEffect(() => {
    // On a computer the field waits for the USB scanner; on a phone the keyboard would cover the camera.
    if (stage === 'ready' && matchMedia('(pointer: fine)').matches) field.current?.focus({ preventScroll: true });
  }, [stage]);
}

function CodeField({ stage }) {
  const [text, setText] = useState('');
  const field = useRef(null);
  useScannerKeys(field, stage);
  const send = (event) => {
    event.preventDefault();
    const code = text.trim();
    if (!code) return;
    setText('');
    lookUp(code);
  };
  return html`
    <form class="code-field" onSubmit=${send}>
      <label for="code-text">${t('counter.code')}</label>
      <input id="code-text" ref=${field} value=${text} placeholder="XXXX-XXXX-XXXX" autocomplete="off" autocapitalize="characters" spellcheck="false"
        enterkeyhint="search" disabled=${stage !== 'ready'} onInput=${(event) => setText(event.target.value)} />
      <${Button} kind="main" type="submit" icon="search" busy=${stage === 'looking'} disabled=${!text.trim()}>${t('counter.look_up')}<//>
    </form>`;
}

const RECENT_SHOWN = 5;

/** Beside a till there is room for the last ones; a phone has them one touch away. */
function Recent() {
  const { data } = useStore(today);
  if (data.length === 0) return html`<aside></aside>`;
  return html`<aside class="desk-recent"><${List} label=${t('redemptions.title')}>
    ${data.slice(0, RECENT_SHOWN).map((each) => html`<${RedemptionCell} key=${each.id} redemption=${each} />`)}
  <//></aside>`;
}

const REST_MILLISECONDS = 1_500;

/** What the camera sees: a code that was just answered makes it rest a moment instead of asking again. */
function useCameraRest() {
  const [resting, setResting] = useState(false);
  useEffect(() => {
    if (!resting) return undefined;
    const timer = setTimeout(() => setResting(false), REST_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [resting]);
  return [resting, (text) => (isJustAnswered(text) ? setResting(true) : lookUp(text))];
}

function Say({ stage, resting }) {
  if (stage === 'looking') return html`<p class="desk-say" role="status"><span class="spinner" aria-hidden="true"></span> ${t('counter.looking')}</p>`;
  return html`<p class="desk-say" role="status">${t(resting ? 'counter.same' : 'counter.point')}</p>`;
}

export function Desk() {
  const { stage } = useStore(counter);
  const undoing = useStore(undo).stage !== 'none';
  const [resting, see] = useCameraRest();
  return html`
    <main class="page desk">
      <${Head} />
      <${DaySum} />
      <${ActsLink} />
      <${Scanner} onResult=${see} paused=${stage !== 'ready' || resting || undoing}>
        <${Say} stage=${stage} resting=${resting} />
        <${CodeField} stage=${stage} />
      <//>
      <${Recent} />
      <${VoucherSheet} />
    </main>`;
}
