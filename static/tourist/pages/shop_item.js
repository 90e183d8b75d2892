/** One item: what it costs, what is left, why not and what would bring the missing points; one question before the exchange. */
import { html, useLoaded, useState } from '../../shared/js/view.js';
import { Button, Cell, Dialog, Icon, List, Sheet } from '../../shared/js/components.js';
import { count, day, points } from '../../shared/js/format.js';
import { language, t } from '../../shared/js/i18n.js';
import { go, to } from '../../shared/js/router.js';
import { Unreachable } from '../../shared/js/api.js';
import { member } from '../models/session.js';
import { loadScenes, waysTo } from '../models/scenes.js';
import { exchange, goodUntil } from '../models/shop.js';
import { scenePoints, unitWord } from './scene_words.js';

/** A picture in 4:3, or a quiet place where one would be. */
export function Picture({ item }) {
  if (item.image) return html`<img class="picture" src=${item.image} alt="" loading="lazy" />`;
  return html`<span class="picture picture-none" aria-hidden="true"><${Icon} name=${item.icon || 'gift'} /></span>`;
}

/** What is owed is paid before anything is missing for this. */
function missingFor(item) {
  return item.points_missing + (member.get()?.balance?.debt ?? 0);
}

/** What keeps me from having it, null when nothing does. */
export function whyNot(item) {
  if (item.available) return null;
  const missing = missingFor(item);
  if (item.why_not === 'points_missing') return t('shop.points_missing', { points: points(missing), count: missing });
  return t(`shop.${item.why_not}`);
}

export function Price({ item }) {
  return html`<span class="good-points"><strong class="points figures">${points(item.points)}</strong>${' '}
    ${t('unit.points.of', { count: item.points })}</span>`;
}

function stockWords({ stock, limit_per_person: limit, left_for_me: left }) {
  const words = [t('shop.stock', { count: count(stock) }), limit && t('shop.limit', { count: limit, left })];
  return words.filter(Boolean).join(' · ');
}

export function Item({ item, onClose, onDone }) {
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
  return html`
    <${Sheet} open=${Boolean(item) && !asking} label=${item?.name} onClose=${leave}>
      ${item && html`<${Details} item=${item} quantity=${quantity} setQuantity=${setQuantity}
        onExchange=${() => setAsking(true)} onClose=${leave} />`}
    <//>
    ${item && html`<${Question} item=${item} quantity=${quantity} open=${asking} busy=${busy} trouble=${trouble} onSend=${send} onLeave=${leave} />`}`;
}

/** What happens to the points, how long the voucher lives, and that it can be given back: said before, not after. */
function Question({ item, quantity, open, busy, trouble, onSend, onLeave }) {
  const cost = item.points * quantity;
  const left = (member.get()?.balance?.available ?? 0) - cost;
  const until = goodUntil();
  return html`<${Dialog} open=${open} title=${t('shop.confirm.title')} onClose=${busy ? undefined : onLeave} actions=${html`
      <${Button} kind="main" wide busy=${busy} onClick=${onSend}>${t('shop.confirm.do', { points: points(cost), count: cost })}<//>
      <${Button} wide disabled=${busy} onClick=${onLeave}>${t('action.cancel')}<//>`}>
      <p>${t('shop.confirm.text', { name: item.name, quantity: count(quantity), merchant: item.merchant.name })}</p>
      <ul class="bullets small">
        <li>${t('shop.confirm.held', { points: points(cost), count: cost, left: points(left) })}</li>
        ${until && html`<li>${t('shop.confirm.until', { day: day(until) })}</li>`}
        <li>${t('shop.confirm.back')}</li>
      </ul>
      ${trouble && html`<p class="field-error" role="alert"><${Icon} name="alert-triangle" small /> ${trouble}</p>`}
    <//>`;
}

const QUANTITY_MAX = 9;   // in one exchange; more is a second voucher

function most(item) {
  const affordable = Math.floor((member.get()?.balance?.available ?? 0) / Math.max(1, item.points));
  return Math.max(1, Math.min(item.stock, item.left_for_me ?? QUANTITY_MAX, affordable, QUANTITY_MAX));
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
    ${item.why_not === 'points_missing' && html`<${Ways} missing=${missingFor(item)} />`}
    ${item.why_not === 'guest_limit' && html`<${Button} kind="line" wide href=${to('me')}>${t('shop.guest_limit.do')}<//>`}
    ${!reason && html`<${Button} kind="main" wide onClick=${onExchange}>${t('shop.exchange')}<//>`}
    <${Button} kind="quiet" wide onClick=${onClose}>${t('action.close')}<//>
  </div>`;
}

/** Which scenes of today would bring what is missing. */
function Ways({ missing }) {
  const { value } = useLoaded(loadScenes, [language()]);
  if (!value) return null;
  const ways = waysTo(value, missing);
  if (!ways.length) return html`<p class="small quiet">${t('shop.ways.none')}</p>`;
  return html`<${List} label=${t('shop.ways')}>
    ${ways.map(({ scene, times }) => html`<${Cell} key=${scene.id} icon=${scene.icon} title=${scene.name} href=${to('scenes', scene.id)}
      note=${times > 1 ? t('shop.ways.times', { times, unit: unitWord(scene, times) }) : undefined} value=${scenePoints(scene)} />`)}<//>`;
}
