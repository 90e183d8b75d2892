/** A voucher on paper for a member at the desk: what for, how the person was checked, then the code to hand out. */
import { html, useLoaded, useState } from '../../shared/js/view.js';
import { Button, Dialog, Failed, Field, Icon, Loading, Segments } from '../../shared/js/components.js';
import { count, day } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { Trouble, useAct } from '../../shared/js/acting.js';
import { affordable, exchangeAtDesk, voucherSlip, WAYS_CHECKED } from '../models/desk.js';
import { download } from './download.js';
import { memberName, troubleOfOnce } from './member_words.js';

const QUANTITY_MAX = 10;

function Choice({ items, item, quantity, checked, choose }) {
  const most = Math.min(QUANTITY_MAX, item?.stock.remaining ?? 1, item?.limit_per_person ?? QUANTITY_MAX);
  return html`<${Field} label=${t('column.item')} id="desk-item">
      <select id="desk-item" onChange=${(event) => choose({ id: event.target.value, quantity: 1 })}>
        <option value="" selected=${!item} disabled>${t('desk.choose')}</option>
        ${items.map((each) => html`<option key=${each.id} value=${each.id} selected=${each.id === item?.id}>
          ${t('desk.item', { name: each.name, points: count(each.points), shop: each.merchant.name })}</option>`)}</select><//>
    <${Field} label=${t('desk.quantity')} type="number" min="1" max=${most} value=${quantity} onInput=${(event) => choose({ quantity: Number(event.target.value) })} />
    <${Segments} label=${t('desk.checked')} name="checked" value=${checked} onChange=${(value) => choose({ checked: value })}
      options=${WAYS_CHECKED.map((way) => ({ value: way, label: t(`desk.checked.${way}`) }))} />
    <p class="small quiet">${t('desk.checked.note')}</p>`;
}

function Made({ member, voucher, onClose }) {
  const { busy, trouble, run } = useAct();
  const print = () => run(async () => download('voucher.pdf', await voucherSlip(member.id, voucher.id), 'application/pdf') ?? true);
  const title = voucher.quantity > 1 ? `${voucher.item.name} × ${voucher.quantity}` : voucher.item.name;
  return html`<${Dialog} look="dialog dialog-wide" open title=${t('desk.done', { item: title })} onClose=${onClose} actions=${html`
    <${Trouble} text=${trouble} /><div class="row"><${Button} kind="main" icon="printer" busy=${busy} disabled=${!voucher.readable_code} onClick=${print}>${t('desk.print')}<//>
      <${Button} kind="plain" onClick=${onClose}>${t('once.done')}<//></div>`}>
    <div class="shown-once"><p class="shown-once-text"><code>${voucher.readable_code ?? t('state.redeemed')}</code></p></div>
    <p>${t('desk.where', { shop: voucher.merchant.name, day: day(voucher.expires_at) })}</p>
  <//>`;
}

function Empty({ member, onClose }) {
  return html`<${Dialog} look="dialog" open title=${t('desk.title', { name: memberName(member) })} onClose=${onClose}
    actions=${html`<${Button} kind="plain" onClick=${onClose}>${t('action.close')}<//>`}>
    <p class="with-icon"><${Icon} name="info-circle" small /><span>${t('desk.nothing', { points: count(member.balance.available) })}</span></p><//>`;
}

export function DeskExchange({ member, onClose, onDone }) {
  const { state, value: items, error: unread, again } = useLoaded(() => affordable(member.balance.available));
  const [chosen, setChosen] = useState({ id: null, quantity: 1, checked: null });
  const [voucher, setVoucher] = useState(null);
  const { busy, trouble, error, run } = useAct();
  const item = items?.find(({ id }) => id === chosen.id);
  const points = item ? item.points * chosen.quantity : 0;
  const enough = chosen.quantity >= 1 && chosen.quantity <= QUANTITY_MAX && points <= member.balance.available;
  const send = async () => {
    const made = await run(() => exchangeAtDesk(member.id, item.id, chosen.quantity, chosen.checked));
    if (!made) return;
    setVoucher(made);
    onDone();
  };
  if (voucher) return html`<${Made} member=${member} voucher=${voucher} onClose=${onClose} />`;
  if (state === 'ready' && !items.length) return html`<${Empty} member=${member} onClose=${onClose} />`;
  return html`<${Dialog} look="dialog dialog-wide" open title=${t('desk.title', { name: memberName(member) })} onClose=${busy ? undefined : onClose} actions=${html`
    <${Trouble} text=${troubleOfOnce({ trouble, error })} /><div class="row">
      <${Button} kind="main" icon="ticket" busy=${busy} disabled=${!item || !chosen.checked || !enough} onClick=${send}>${t('desk.send', { points: count(points) })}<//>
      <${Button} kind="plain" disabled=${busy} onClick=${onClose}>${t('action.cancel')}<//></div>`}>
    ${state === 'loading' && html`<${Loading} />`}
    ${state === 'failed' && html`<${Failed} error=${unread} onRetry=${again} />`}
    ${items && html`<p class="quiet small">${t('adjust.now', { points: count(member.balance.available) })}</p>
      <${Choice} items=${items} item=${item} ...${chosen} choose=${(change) => setChosen((before) => ({ ...before, ...change }))} />`}
  <//>`;
}
