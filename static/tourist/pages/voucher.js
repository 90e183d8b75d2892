/**
 * One voucher: the live code for the counter, a moving line that proves it is no screenshot, and a code to
 * read aloud. It watches for its redemption and says so; until then its owner can give it back.
 */
import { html, useEffect, useEvery, useLoaded, useRef, useState, useStore } from '../../shared/js/view.js';
import { Button, Failed, Icon, Loading, Page, StateBadge, toast } from '../../shared/js/components.js';
import { clock, dayTime, points } from '../../shared/js/format.js';
import { language, t } from '../../shared/js/i18n.js';
import { back } from '../../shared/js/router.js';
import { QrCode } from '../../shared/js/qr.js';
import { unanswered } from '../models/refunds.js';
import { member } from '../models/session.js';
import { liveCode, loadVoucher, newReadableCode, serverNow } from '../models/vouchers.js';
import { chime } from './chime.js';
import { Refund, RefundWaiting } from './refund.js';
import { Remind } from './remind.js';
import { Ring } from './ring.js';
import { Picture } from './shop_item.js';

const LOOK_MILLISECONDS = 4000;

export default function VoucherPage({ part }) {
  const { state, value: voucher, error, again } = useLoaded(() => loadVoucher(part), [part, language()]);
  const before = useRef(null);
  useEvery(LOOK_MILLISECONDS, () => voucher?.state === 'issued' && again());
  useEffect(() => {
    if (before.current === 'issued' && voucher?.state === 'redeemed') chime();
    before.current = voucher?.state ?? null;
  }, [voucher?.state]);
  return html`<${Page} title=${t('voucher.title')} onBack=${() => back('vouchers')} class="voucher">
    ${state === 'loading' && html`<${Loading} />`}
    ${state === 'failed' && html`<${Failed} error=${error} onRetry=${again} />`}
    ${voucher && html`<${Voucher} voucher=${voucher} onChange=${again} />`}
  <//>`;
}

function Voucher({ voucher, onChange }) {
  const waiting = useWaiting(voucher, onChange);
  const title = voucher.quantity > 1 ? `${voucher.item.name} × ${voucher.quantity}` : voucher.item.name;
  return html`<article class="voucher-card">
    <header class="voucher-item">
      <${Picture} item=${voucher.item} />
      <div><h2>${title}</h2><p class="small quiet">${voucher.merchant?.name}</p><p><${StateBadge} state=${voucher.state} /></p></div>
    </header>
    ${waiting && html`<${RefundWaiting} />`}
    ${voucher.state === 'issued' && !waiting && html`<${Live} voucher=${voucher} /><${Readable} voucher=${voucher} />`}
    ${voucher.state !== 'issued' && html`<${Ended} voucher=${voucher} />`}
    <p class="small quiet">${[
      voucher.state === 'issued' && t('voucher.until', { day: dayTime(voucher.expires_at) }),
      voucher.points && t('voucher.points', { points: points(voucher.points), count: voucher.points }),
    ].filter(Boolean).join(' · ')}</p>
  </article>
  ${voucher.state === 'issued' && !waiting && html`<${Remind} occasion="voucher_expires" />`}
  <${Refund} voucher=${voucher} offered=${voucher.state === 'issued' && !waiting} onDone=${onChange} />`;
}

const ENDED_ICONS = { redeemed: 'circle-check', cancelled: 'arrow-back-up', expired: 'clock' };

/** Whether this voucher is being given back without an answer yet; once there is one, the voucher is read anew. */
function useWaiting(voucher, onChange) {
  const open = useStore(unanswered).includes(voucher.id);
  const before = useRef(open);
  useEffect(() => {
    if (before.current && !open) onChange();
    before.current = open;
  }, [open]);
  return open && voucher.state === 'issued';
}

function Ended({ voucher }) {
  const me = useStore(member);
  const box = useRef(null);
  // The button that ended it is gone: who works by keyboard or ear goes on here.
  useEffect(() => { if (document.activeElement === document.body) box.current.focus({ preventScroll: true }); }, []);
  const when = voucher.redeemed_at && voucher.state === 'redeemed' ? dayTime(voucher.redeemed_at) : '';
  return html`<div ref=${box} tabindex="-1" class=${`voucher-ended voucher-${voucher.state}`} role="status">
    <${Icon} name=${ENDED_ICONS[voucher.state] ?? 'info-circle'} />
    <p><strong>${t(`voucher.${voucher.state}`)}</strong></p>${when && html`<p class="figures">${when}</p>`}
    ${voucher.state === 'cancelled' && me?.balance && html`<p class="figures">
      ${t('refund.balance', { points: points(me.balance.available), count: me.balance.available })}</p>`}
  </div>`;
}

/** The code of this minute, its seconds running out, and the line that moves over it. */
function Live({ voucher }) {
  const [code, setCode] = useState(null);
  const [now, setNow] = useState(() => serverNow());
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    const timer = setInterval(() => setNow(serverNow()), 250);
    return () => clearInterval(timer);
  }, [voucher.id]);
  const minute = Math.floor(now / 60_000);
  useEffect(() => {
    liveCode(voucher).then(setCode, () => setFailed(true));
  }, [voucher.id, minute]);
  if (failed) return html`<p class="field-error" role="alert"><${Icon} name="alert-triangle" small /> ${t('voucher.no_code')}</p>`;
  const left = 60 - Math.floor(now / 1000) % 60;
  return html`<div class="voucher-live">
    <div class="code-picture voucher-code">
      ${code && html`<${QrCode} text=${code.text} label=${t('voucher.code')} />`}
      <span class="voucher-line" aria-hidden="true"></span>
    </div>
    <p class="voucher-clock figures"><${Ring} left=${left} /> <span>${t('voucher.left', { left: clock(left) })}</span></p>
    <p class="small quiet">${t('voucher.show')}</p>
  </div>`;
}

function Readable({ voucher }) {
  const [code, setCode] = useState(null);
  const [left, setLeft] = useState(0);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    if (!code) return undefined;
    const tick = () => setLeft((Date.parse(code.expires_at) - serverNow()) / 1000);
    tick();
    const timer = setInterval(tick, 1000);
    return () => clearInterval(timer);
  }, [code]);
  const make = async () => {
    setBusy(true);
    await newReadableCode(voucher.id).then(
      setCode, (error) => toast(error.detail || t('voucher.readable.offline'), 'wifi-off'),
    );
    setBusy(false);
  };
  const standing = code && left > 0;
  return html`<div class="voucher-readable">
    ${standing && html`<${Letters} code=${code.readable_code} />
      <p class="small quiet figures">${t('voucher.readable.left', { left: clock(left) })}</p>`}
    <${Button} kind=${standing ? 'quiet' : 'line'} icon="keyboard" busy=${busy} onClick=${make}>
      ${t(standing ? 'voucher.readable.new' : 'voucher.readable.show')}<//>
  </div>`;
}

/** In groups of four for the eye, letter by letter for the ear. */
function Letters({ code }) {
  return html`<p class="visually-hidden">${t('voucher.readable.spoken', { code: [...code.replaceAll('-', '')].join(' ') })}</p>
    <p class="voucher-letters figures" aria-hidden="true">${code.split('-').map((group) => html`<span>${group}</span>`)}</p>`;
}
