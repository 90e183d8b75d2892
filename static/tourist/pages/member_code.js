/**
 * My member code: what a canteen, a cabin's kiosk or a desk reads when there is no signal. White on every theme, new
 * each minute; when somebody has just read it, the page says what it brought.
 */
import { html, useEffect, useLoaded, useRef, useState, useStore } from '../../shared/js/view.js';
import { Button, Empty, Failed, Icon, Loading, Page } from '../../shared/js/components.js';
import { clock, dayTime } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { back } from '../../shared/js/router.js';
import { QrCode } from '../../shared/js/qr.js';
import { codeNow, keptPasses, lastsUntil, loadPasses, serverNow } from '../models/passes.js';
import { codeShown } from '../models/readings.js';
import { member, signal } from '../models/session.js';
import { JustRead } from './just_read.js';
import { Ring } from './ring.js';

const TICK_MILLISECONDS = 250;

export default function MemberCode() {
  const { state, error, again } = useLoaded(loadPasses);
  const now = useServerTime();
  const text = codeNow();
  const nothing = state !== 'loading' && !text;
  useLitScreen(Boolean(text));
  useEffect(() => { if (text) codeShown(); }, [text]);
  return html`<${Page} title=${t('code.title')} onBack=${() => back('')} class="member-code">
    ${state === 'loading' && !text && html`<${Loading} />`}
    ${text && html`<${Shown} text=${text} now=${now} />`}
    ${nothing && html`<${None} error=${error} again=${again} />`}
    ${text && html`<${JustRead} />`}
  <//>`;
}

/** The server's time in milliseconds, drawn anew four times a second. */
function useServerTime() {
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    const timer = setInterval(() => setNow(serverNow()), TICK_MILLISECONDS);
    return () => clearInterval(timer);
  }, []);
  return now;
}

function Shown({ text, now }) {
  const me = useStore(member);
  const left = 60 - Math.floor(now / 1000) % 60;
  return html`<section class="member-card">
    <p class="member-name">${me?.nickname}</p>
    <div class="member-picture"><${QrCode} text=${text} label=${t('code.label')} /></div>
    <p class="member-clock figures"><${Ring} left=${left} look="ring ring-large" /> <span>${t('code.left', { left: clock(left) })}</span></p>
  </section>
  <div class="stack-tight member-notes">
    <p>${t('code.show')}</p>
    <p class="small quiet"><${Icon} name="sun" small /> ${t('code.bright')}</p>
    <${Age} />
  </div>`;
}

/** How long this works without signal, and how old what it stands on is. */
function Age() {
  const { offline } = useStore(signal);
  const [until, since] = [dayTime(lastsUntil()), dayTime(keptPasses().fetched_at)];
  return html`<p class="small quiet figures"><${Icon} name=${offline ? 'wifi-off' : 'device-mobile'} small />
    ${' '}${t(offline ? 'code.offline' : 'code.until', { until, since })}</p>`;
}

/** No pass is left, or none was ever fetched: what to do now, and what works instead. */
function None({ error, again }) {
  const kept = keptPasses();
  if (error && error.code !== 'unreachable') return html`<${Failed} error=${error} onRetry=${again} />`;
  const words = kept ? t('code.none.old', { since: dayTime(kept.fetched_at) }) : t('code.none.text');
  return html`<${Empty} icon="wifi-off" title=${t('code.none')} action=${html`
    <${Button} kind="main" icon="refresh" onClick=${again}>${t('code.none.again')}<//>`}>${words}<//>`;
}

/** A screen that goes dark while the waiter walks over is taken for a broken code. */
function useLitScreen(wanted) {
  const lock = useRef(null);
  useEffect(() => {
    if (!wanted || !navigator.wakeLock) return undefined;
    const light = () => {
      if (!document.hidden) navigator.wakeLock.request('screen').then((held) => { lock.current = held; }, () => {});
    };
    light();
    document.addEventListener('visibilitychange', light);
    return () => {
      document.removeEventListener('visibilitychange', light);
      lock.current?.release().catch(() => {});
    };
  }, [wanted]);
}
