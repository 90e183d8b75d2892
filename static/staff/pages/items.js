/** The goods: what points are exchanged for, from whom, and how many are left. */
import { html, useLoaded, useState } from '../../shared/js/view.js';
import { Button, Empty, Failed, Icon, Loading } from '../../shared/js/components.js';
import { count, fen, isoDay } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { go, to } from '../../shared/js/router.js';
import { csvText } from '../models/csv.js';
import { yuanText } from '../models/item_form.js';
import { filterItems, ITEM_STATES, readItems } from '../models/items.js';
import { may } from '../models/session.js';
import { download } from './download.js';
import { ItemPage } from './item.js';
import { ItemBadge, Waits } from './item_words.js';
import { ConsolePage } from './rail.js';
import { inOrder, Search, Shown, Table, useOrder } from './table.js';

const waits = (item) => item.version_waits || item.stock_waits;

function columnsNow() {
  return [
    { key: 'position', label: '#', number: true, wide: true, value: (item) => item.position, cell: (item) => item.position },
    { key: 'item', label: t('column.item'), head: true, value: (item) => item.name,
      cell: (item) => html`<span class="scene-name"><${Icon} name=${item.icon} /><span>${item.name}</span></span>` },
    { key: 'merchant', label: t('column.merchant'), value: (item) => item.merchant.name, cell: (item) => item.merchant.name },
    { key: 'points', label: t('column.points'), number: true, value: (item) => item.points, cell: (item) => html`<span class="points">${count(item.points)}</span>` },
    { key: 'fen', label: t('column.settlement'), number: true, value: (item) => item.settlement_fen, cell: (item) => fen(item.settlement_fen) },
    { key: 'stock', label: t('column.stock'), number: true, value: (item) => item.stock.remaining, cell: (item) => count(item.stock.remaining) },
    { key: 'limit', label: t('column.limit'), number: true, wide: true, value: (item) => item.limit_per_person, cell: (item) => item.limit_per_person ?? '–' },
    { key: 'state', label: t('column.state'), value: (item) => ITEM_STATES.indexOf(item.state), cell: (item) => html`<${ItemBadge} item=${item} />` },
    { key: 'waiting', label: t('column.waiting'), value: (item) => (waits(item) ? 0 : 1), cell: (item) => html`<${Waits} waits=${waits(item)} />` },
  ];
}

/** The table as it stands, in words and bare numbers. */
function exportItems(items) {
  const heads = [t('field.position'), t('column.item'), t('column.merchant'), t('column.points'), `${t('column.settlement')} (CNY)`, t('column.stock'), t('stock.put_in'), t('column.limit'), t('column.state'), t('column.version')];
  const lines = items.map((item) => [
    item.position, item.name, item.merchant.name, item.points, yuanText(item.settlement_fen), item.stock.remaining, item.stock.put_in,
    item.limit_per_person ?? '', t(`item.${item.state}`), item.version ?? '',
  ]);
  download(`${t('items.title')}_${isoDay(Date.now())}.csv`, csvText([heads, ...lines]), 'text/csv;charset=utf-8');
}

/** One state or all of them. */
export function StateFilter({ states, word, value, onChange }) {
  return html`<label class="filter"><span class="visually-hidden">${t('column.state')}</span>
    <select value=${value} onChange=${(event) => onChange(event.target.value)}>
      <option value="">${t('table.all_states')}</option>
      ${states.map((each) => html`<option key=${each} value=${each}>${t(`${word}.${each}`)}</option>`)}
    </select></label>`;
}

function ItemTable({ items }) {
  const [words, setWords] = useState('');
  const [state, setState] = useState('');
  const [order, turn] = useOrder('position');
  const columns = columnsNow();
  const rows = inOrder(filterItems(items, words, state), columns, order);
  return html`
    <div class="tools">
      <${Search} value=${words} onInput=${setWords} label=${t('items.search')} />
      <${StateFilter} states=${ITEM_STATES} word="item" value=${state} onChange=${setState} />
      <${Shown} shown=${rows.length} all=${items.length} />
      <${Button} icon="download" kind="line" disabled=${rows.length === 0} onClick=${() => exportItems(rows)}>${t('table.export')}<//>
      ${may('staff_create_item') && html`<${Button} icon="plus" kind="main" href=${to('new-item')}>${t('items.new')}<//>`}
    </div>
    ${rows.length === 0
      ? html`<div class="card"><${Empty} icon="gift" title=${t(items.length ? 'table.nothing_found' : 'items.empty')}>${t(items.length ? 'table.other_words' : 'items.empty.text')}<//></div>`
      : html`<${Table} label=${t('items.title')} columns=${columns} rows=${rows} order=${order} onTurn=${turn} onOpen=${(item) => go('items', item.id)} />`}`;
}

function ItemList() {
  const { state, value, error, again } = useLoaded(readItems);
  return html`<${ConsolePage} title=${t('items.title')} note=${t('items.note')}>
    ${state === 'loading' && html`<${Loading} />`}
    ${state === 'failed' && html`<${Failed} error=${error} onRetry=${again} />`}
    ${value && html`<${ItemTable} items=${value} />`}
  <//>`;
}

export function Items({ part }) {
  return part ? html`<${ItemPage} key=${part} part=${part} />` : html`<${ItemList} />`;
}
