/** After the boat home: how long points and vouchers last, what works from anywhere, and what needs the island. */
import { html, useLoaded, useStore } from '../../shared/js/view.js';
import { Button, Card, Cell, Failed, Icon, List, Loading, Page } from '../../shared/js/components.js';
import { day, points } from '../../shared/js/format.js';
import { language, t } from '../../shared/js/i18n.js';
import { back, to } from '../../shared/js/router.js';
import { member, refreshMember } from '../models/session.js';
import { keptScans } from '../models/scans.js';
import { loadUsable } from '../models/vouchers.js';
import { Remind } from './remind.js';

export default function After() {
  const me = useStore(member);
  const refreshed = useLoaded(refreshMember, [language()]);
  return html`<${Page} title=${t('after.title')} onBack=${() => back('')}>
    ${me?.lasting ? html`<div class="stack">
      <p class="lead">${t('after.lead')}</p>
      <${Points} me=${me} />
      ${me.lasting.length > 0 && html`<${Remind} occasion="points_expire" />`}
      <${Vouchers} />
      <${Kept} />
      <${Anywhere} />
      <${OnTheIsland} />
    </div>` : refreshed.state === 'failed' ? html`<${Failed} error=${refreshed.error} onRetry=${refreshed.again} />` : html`<${Loading} />`}
  <//>`;
}

function pointsWords(amount) {
  return t('unit.points.count', { points: points(amount), count: amount });
}

/** All lots with their last day; those that end soon say so. */
function Points({ me }) {
  const soon = me.balance.expiring.map(({ on }) => on);
  return html`<${List} label=${t('after.points')}>
    ${me.lasting.map(({ points: amount, on }) => html`<${Cell} key=${on} icon=${soon.includes(on) ? 'clock' : 'leaf'} tone=${soon.includes(on) ? 'amber' : 'pine'}
      title=${pointsWords(amount)} note=${t(soon.includes(on) ? 'after.points.soon' : 'after.points.until', { day: day(on) })} />`)}
    ${!me.lasting.length && html`<${Cell} key="none" icon="leaf" tone="grey" title=${t('after.points.none')} />`}
    <${Cell} key="new" icon="calendar" tone="grey" title=${t('after.points.new', { day: day(me.new_points_until) })} note=${t('after.points.new.note')} />
    ${me.balance.debt > 0 && html`<${Cell} key="debt" icon="info-circle" tone="red" title=${t('home.debt', { points: points(me.balance.debt) })} />`}
  <//>`;
}

function Vouchers() {
  const { state, value, error, again } = useLoaded(() => loadUsable(), [language()]);
  if (state === 'loading') return html`<${Loading} />`;
  if (state === 'failed') return html`<${Failed} error=${error} onRetry=${again} />`;
  return html`<${List} label=${t('after.vouchers')}>
    ${value.data.map((voucher) => html`<${Cell} key=${voucher.id} icon="ticket" title=${voucher.item.name} href=${to('vouchers', voucher.id)}
      note=${t('after.voucher', { day: day(voucher.expires_at), merchant: voucher.merchant.name })} />`)}
    ${!value.data.length && html`<${Cell} key="none" icon="ticket" tone="grey" title=${t('after.vouchers.none')} />`}
    ${value.data.length > 0 && html`<${Cell} key="back" icon="arrow-back-up" tone="grey" title=${t('after.vouchers.back')} note=${t('after.vouchers.back.note')} />`}
  <//>`;
}

/** Codes that are still on this phone: the one thing that has to be done soon. */
function Kept() {
  const kept = useStore(keptScans).filter((scan) => scan.state === 'kept').length;
  if (!kept) return null;
  return html`<${List} label=${t('after.kept')}>
    <${Cell} icon="device-mobile" tone="amber" title=${t('home.kept', { count: kept })} note=${t('after.kept.note')} href=${to('history')} /><//>`;
}

function Anywhere() {
  return html`<${Card} class="stack-tight"><h2><${Icon} name="circle-check" small /> ${t('after.anywhere')}</h2>
    <ul class="bullets">${[1, 2, 3, 4].map((line) => html`<li key=${line}>${t(`after.anywhere.${line}`)}</li>`)}</ul>
    <${Button} kind="line" icon="leaf" href=${to('carbon')}>${t('carbon.title')}<//><//>`;
}

function OnTheIsland() {
  return html`<${Card} class="stack-tight"><h2><${Icon} name="ship" small /> ${t('after.island')}</h2>
    <ul class="bullets">${[1, 2, 3].map((line) => html`<li key=${line}>${t(`after.island.${line}`)}</li>`)}</ul><//>`;
}
