/** The shop: what my points get me here, narrowed by words, merchant and what I can have now. */
import { html, useLoaded, useState, useStore } from '../../shared/js/view.js';
import { Button, Empty, Failed, Field, Icon, Loading, Page } from '../../shared/js/components.js';
import { points } from '../../shared/js/format.js';
import { language, t } from '../../shared/js/i18n.js';
import { to } from '../../shared/js/router.js';
import { member } from '../models/session.js';
import { loadItems, merchantsOf, narrowed } from '../models/shop.js';
import { useAsOf } from './as_of.js';
import { Item, Picture, Price, whyNot } from './shop_item.js';

const EVERYTHING = { words: '', merchant: '', affordable: false };

// The filter stays while a voucher is looked at and the shop comes back.
let last = EVERYTHING;

/** `part`: the item that is opened at once. */
export default function Shop({ part }) {
  const me = useStore(member);
  const available = me?.balance?.available ?? 0;
  const asOf = useAsOf();
  const { state, value, error, again } = useLoaded(loadItems, [language(), available]);
  const [chosen, setChosen] = useState(part ?? null);
  const [asked, setAsked] = useState(last);
  const change = (changes) => { last = { ...last, ...changes }; setAsked(last); };
  return html`<${Page} title=${t('shop.title')}>
    <div class="shop-head">
      <p class="figures">${[t('shop.balance'), asOf].filter(Boolean).join(' · ')} <strong class="points">${points(available)}</strong>${' '}
        ${t('unit.points.of', { count: available })}</p>
      <${Button} kind="line" icon="ticket" href=${to('vouchers')}>${t('vouchers.title')}<//>
    </div>
    ${me?.balance?.debt > 0 && html`<a class="balance-note red shop-debt" href=${to('history')}>
      <${Icon} name="info-circle" small /><span>${t('shop.debt', { points: points(me.balance.debt) })}</span></a>`}
    ${!value && state === 'loading' && html`<${Loading} />`}
    ${!value && state === 'failed' && html`<${Failed} error=${error} onRetry=${again} />`}
    ${value && (value.length
      ? html`<div class="stack"><${Filters} items=${value} asked=${asked} onChange=${change} />
          <${Goods} items=${narrowed(value, asked)} onChoose=${setChosen} onAll=${() => change(EVERYTHING)} /></div>`
      : html`<${Empty} icon="gift" title=${t('shop.empty')}>${t('shop.empty.text')}<//>`)}
    <p class="legal shop-legal">${t('shop.legal')}</p>
    <${Item} item=${value?.find(({ id }) => id === chosen) ?? null} onClose=${() => setChosen(null)} onDone=${again} />
  <//>`;
}

function Filters({ items, asked, onChange }) {
  return html`<search class="filters">
    <${Field} id="shop-words" label=${t('shop.search')} type="search" value=${asked.words} autocomplete="off" enterkeyhint="search" maxlength="40"
      onInput=${(event) => onChange({ words: event.target.value })} />
    <${Field} id="shop-merchant" label=${t('shop.merchant')}>
      <select id="shop-merchant" value=${asked.merchant} onChange=${(event) => onChange({ merchant: event.target.value })}>
        <option value="">${t('shop.merchant.all')}</option>
        ${merchantsOf(items).map(({ id, name }) => html`<option key=${id} value=${id} selected=${id === asked.merchant}>${name}</option>`)}
      </select><//>
    <label class="tick"><input type="checkbox" checked=${asked.affordable} onChange=${(event) => onChange({ affordable: event.target.checked })} />
      <span>${t('shop.affordable')}</span></label>
  </search>`;
}

function Goods({ items, onChoose, onAll }) {
  if (!items.length) {
    return html`<${Empty} icon="zoom-question" title=${t('shop.none')} action=${html`<${Button} kind="line" onClick=${onAll}>${t('shop.show_all')}<//>`}>${t('shop.none.text')}<//>`;
  }
  return html`<p role="status" class="visually-hidden">${t('shop.count', { count: items.length })}</p>
    <ul class="goods">${items.map((item) => html`<${Good} key=${item.id} item=${item} onChoose=${() => onChoose(item.id)} />`)}</ul>`;
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
