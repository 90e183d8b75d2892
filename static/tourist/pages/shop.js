/** The shop: what my points get me here, what is still missing, and the exchange with one question before it. */
import { html, useLoaded, useState, useStore } from '../../shared/js/view.js';
import { Button, Dialog, Empty, Failed, Icon, Loading, Page, Sheet } from '../../shared/js/components.js';
import { count, points } from '../../shared/js/format.js';
import { language, t } from '../../shared/js/i18n.js';
import { go, to } from '../../shared/js/router.js';
import { Unreachable } from '../../shared/js/api.js';
import { member } from '../models/session.js';
import { exchange, loadItems } from '../models/shop.js';

export default function Shop() {
  const me = useStore(member);
  const available = me?.balance?.available ?? 0;
  const { state, value, error, again } = useLoaded(loadItems, [language(), available]);
  const [chosen, setChosen] = useState(null);
  return html`<${Page} title=${t('shop.title')}>
    <div class="shop-head">
      <p class="figures">${t('shop.balance')} <strong class="points">${points(available)}</strong>${' '}
        ${t('unit.points.of', { count: available })}</p>
      <${Button} kind="line" icon="ticket" href=${to('vouchers')}>${t('vouchers.title')}<//>
    </div>
    ${me?.balance?.debt > 0 && html`<a class="balance-note red shop-debt" href=${to('history')}>
      <${Icon} name="info-circle" small /><span>${t('shop.debt', { points: points(me.balance.debt) })}</span></a>`}
    ${state === 'loading' && html`<${Loading} />`}
    ${state === 'failed' && html`<${Failed} error=${error} onRetry=${again} />`}
    ${state === 'ready' && (value.length
      ? html`<ul class="goods">${value.map((item) => html`<${Good} key=${item.id} item=${item} onChoose=${() => setChosen(item)} />`)}</ul>`
      : html`<${Empty} icon="gift" title=${t('shop.empty')}>${t('shop.empty.text')}<//>`)}
    <p class="legal shop-legal">${t('shop.legal')}</p>
    <${Exchange} item=${chosen} onClose=${() => setChosen(null)} onDone=${again} />
  <//>`;
}

/** A picture in 4:3, or a quiet place where one would be. */
export function Picture({ item }) {
  if (item.image) return html`<img class="picture" src=${item.image} alt="" loading="lazy" />`;
  return html`<span class="picture picture-none" aria-hidden="true"><${Icon} name=${item.icon || 'gift'} /></span>`;
}

function whyNot(item) {
  if (item.available) return null;
  const missing = item.points_missing + (member.get()?.balance?.debt ?? 0);   // what is owed is paid first
  if (item.why_not === 'points_missing') return t('shop.points_missing', { points: points(missing), count: missing });
  return t(`shop.${item.why_not}`);
}

function Price({ item }) {
  return html`<span class="good-points"><strong class="points figures">${points(item.points)}</strong>${' '}
    ${t('unit.points.of', { count: item.points })}</span>`;
}

function stockWords({ stock, limit_per_person: limit }) {
  const words = [t('shop.stock', { count: count(stock) }), limit && t('shop.limit', { count: limit })];
  return words.filter(Boolean).join(' · ');
}

function Good({ item, onChoose }) {
  const reason = whyNot(item);
  return html`<li><button type="button" class="good" onClick=${onChoose}>
    <${Picture} item=${item} />
    <span class="good-body">
      <span class="good-name">${item.name}</span>
      <${Price} item=${item} />
      <span class="small quiet">${item.merchant.name}</span>
      ${reason && html`<span class="small good-why"><${Icon} name="info-circle" small /> ${reason}</span>`}
    </span>
  </button></li>`;
}

function Exchange({ item, onClose, onDone }) {
  const [quantity, setQuantity] = useState(1);
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState('');
  const leave = () => { setAsking(false); setQuantity(1); setTrouble(''); onClose(); };
  const send = async () => {
    setBusy(true);
    setTrouble('');
    try {
      const voucher = await exchange(item.id, quantity);
      leave();
      go('vouchers', voucher.id);
    } catch (error) {
      const unsure = error instanceof Unreachable;
      setTrouble(unsure ? t('shop.exchange.unsure') : error.detail || t('failed.text'));
      if (!unsure) onDone();
    }
    setBusy(false);
  };
  const cost = item ? item.points * quantity : 0;
  return html`
    <${Sheet} open=${Boolean(item) && !asking} label=${item?.name} onClose=${leave}>
      ${item && html`<${Details} item=${item} quantity=${quantity} setQuantity=${setQuantity}
        onExchange=${() => setAsking(true)} onClose=${leave} />`}
    <//>
    <${Dialog} open=${asking} title=${t('shop.confirm.title')} onClose=${busy ? undefined : leave} actions=${html`
      <${Button} kind="main" wide busy=${busy} onClick=${send}>${t('shop.confirm.do', { points: points(cost), count: cost })}<//>
      <${Button} wide disabled=${busy} onClick=${leave}>${t('action.cancel')}<//>`}>
      <p>${t('shop.confirm.text', { name: item?.name ?? '', quantity: count(quantity), merchant: item?.merchant.name ?? '' })}</p>
      <p class="small quiet">${t('shop.confirm.note')}</p>
      ${trouble && html`<p class="field-error" role="alert"><${Icon} name="alert-triangle" small /> ${trouble}</p>`}
    <//>`;
}

const QUANTITY_MAX = 9;   // in one exchange; more is a second voucher

function most(item) {
  const affordable = Math.floor((member.get()?.balance?.available ?? 0) / Math.max(1, item.points));
  return Math.max(1, Math.min(item.stock, item.limit_per_person ?? QUANTITY_MAX, affordable, QUANTITY_MAX));
}

function Details({ item, quantity, setQuantity, onExchange, onClose }) {
  const reason = whyNot(item);
  const top = most(item);
  return html`<div class="stack good-sheet">
    <${Picture} item=${item} />
    <div class="stack-tight">
      <h2>${item.name}</h2>
      <p><${Price} item=${item} /></p>
      <p>${item.description}</p>
      <p class="small quiet"><${Icon} name="building-store" small /> ${item.merchant.name}</p>
      <p class="small quiet">${stockWords(item)}</p>
    </div>
    ${!reason && top > 1 && html`<div class="stepper" role="group" aria-label=${t('shop.quantity')}>
      <${Button} icon="minus" aria-label=${t('shop.less')} disabled=${quantity <= 1} onClick=${() => setQuantity(quantity - 1)} />
      <output class="figures">${quantity}</output>
      <${Button} icon="plus" aria-label=${t('shop.more')} disabled=${quantity >= top} onClick=${() => setQuantity(quantity + 1)} />
    </div>`}
    ${reason && html`<p class="good-why"><${Icon} name="info-circle" small /> ${reason}</p>`}
    <${Button} kind="main" wide disabled=${Boolean(reason)} onClick=${onExchange}>${t('shop.exchange')}<//>
    <${Button} kind="quiet" wide onClick=${onClose}>${t('action.close')}<//>
  </div>`;
}
