/** The shelf of an item: how many lie there, every change, and the dialog that puts pieces in or takes them out. */
import { html, useRef, useState } from '../../shared/js/view.js';
import { Badge, Button, Dialog, Field, Segments, toast } from '../../shared/js/components.js';
import { count, dayTime, fen } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { Trouble, useAct } from '../../shared/js/acting.js';
import { changeStock, stockWish } from '../models/items.js';
import { may } from '../models/session.js';
import { refreshWaiting } from '../models/waiting.js';
import { Reason } from './reason.js';
import { personName, reasonWords } from './version_badge.js';

const LOOKS = { asked: ['amber', 'hourglass'], rejected: ['red', 'ban'], withdrawn: ['grey', 'arrow-back-up'] };
const SHOWN = 6;
const PIECES_MAX = 100_000;

function Change({ change }) {
  const look = LOOKS[change.state];
  return html`<li class="stock-change"><b class="stock-pieces">${change.pieces > 0 ? '+' : '−'}${count(Math.abs(change.pieces))}</b>
    <span><span>${reasonWords(change)}</span> ${look && html`<${Badge} tone=${look[0]} icon=${look[1]}>${t(`version.${change.state}`)}<//>`}
      <small class="quiet">${personName(change.asked_by)} · ${dayTime(change.asked_at)}${change.second_person && change.decided_by && html` · ${personName(change.decided_by)}`}</small></span></li>`;
}

function useWish(item, onDone) {
  const [entered, setEntered] = useState({ way: 'in', pieces: '', reason: '' });
  const { busy, trouble, run } = useAct();
  const wish = useRef(null);
  const set = (name) => (value) => { wish.current = null; setEntered((before) => ({ ...before, [name]: value })); };
  const pieces = /^\d{1,6}$/.test(entered.pieces) ? Number(entered.pieces) : 0;
  const good = pieces > 0 && pieces <= (entered.way === 'in' ? PIECES_MAX : item.stock.remaining);
  const send = async () => {
    wish.current ??= stockWish(entered.way === 'in' ? pieces : -pieces, entered.reason.trim());
    const made = await run(() => changeStock(item.id, wish.current));
    if (!made) return;
    toast(t(made.state === 'asked' ? 'ask.asked' : 'stock.done'));
    refreshWaiting();
    onDone();
  };
  return { entered, set, pieces, good, busy, trouble, send, ready: good && entered.reason.trim() };
}

function StockDialog({ item, onClose, onChanged }) {
  const { entered, set, pieces, good, busy, trouble, send, ready } = useWish(item, () => { onClose(); onChanged(); });
  const ways = ['in', 'out'].map((way) => ({ value: way, label: t(`stock.${way}`), icon: way === 'in' ? 'plus' : 'minus' }));
  const wrong = entered.pieces !== '' && !good ? t(entered.way === 'out' && pieces > 0 ? 'stock.too_many' : 'trouble.range', { lowest: 1, highest: count(PIECES_MAX), count: count(item.stock.remaining) }) : '';
  return html`<${Dialog} look="dialog dialog-wide" open title=${t('stock.change', { name: item.name })} onClose=${onClose} actions=${html`<${Trouble} text=${trouble} /><div class="row">
      <${Button} kind="main" icon=${entered.way === 'in' ? 'plus' : 'minus'} busy=${busy} disabled=${!ready} onClick=${send}>${t(`stock.${entered.way}`)}<//>
      <${Button} kind="plain" onClick=${onClose}>${t('action.cancel')}<//></div>`}>
    <${Segments} label=${t('stock.way')} name="way" options=${ways} value=${entered.way} onChange=${set('way')} />
    <${Field} label=${t('stock.pieces')} inputmode="numeric" autocomplete="off" maxlength="6" value=${entered.pieces} error=${wrong}
      note=${pieces > 0 && entered.way === 'in' ? t('stock.comes_to', { amount: fen(pieces * item.settlement_fen) }) : t('stock.on_shelf', { count: count(item.stock.remaining) })}
      onInput=${(event) => set('pieces')(event.target.value.trim())} />
    <${Reason} value=${entered.reason} onInput=${set('reason')} />
  <//>`;
}

export function StockCard({ item, changes, onChanged }) {
  const [open, setOpen] = useState(false);
  const [all, setAll] = useState(false);
  const { remaining, given, put_in: putIn } = item.stock;
  return html`<section class="card stack-tight"><header class="row spread"><h2>${t('stock.title')}</h2>
      ${may('staff_create_stock_change') && html`<${Button} kind="line" icon="arrows-exchange" onClick=${() => setOpen(true)}>${t('stock.in_or_out')}<//>`}</header>
    <dl class="stock-figures">
      <div><dt>${t('stock.remaining')}</dt><dd>${count(remaining)}</dd></div>
      <div><dt>${t('stock.given')}</dt><dd>${count(given)}</dd></div>
      <div><dt>${t('stock.put_in')}</dt><dd>${count(putIn)}</dd></div></dl>
    <ul class="stock-changes">${changes.slice(0, all ? undefined : SHOWN).map((change) => html`<${Change} key=${change.id} change=${change} />`)}</ul>
    ${changes.length > SHOWN && !all && html`<${Button} kind="quiet" onClick=${() => setAll(true)}>${t('action.more')}<//>`}
    ${open && html`<${StockDialog} item=${item} onClose=${() => setOpen(false)} onChanged=${onChanged} />`}
  </section>`;
}
