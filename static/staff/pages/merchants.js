/** The merchants: who gives goods for points, whether they work, and what they are owed. */
import { html, useLoaded, useState } from '../../shared/js/view.js';
import { Button, Empty, Failed, Loading } from '../../shared/js/components.js';
import { count, fen, isoDay } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { go } from '../../shared/js/router.js';
import { csvText } from '../models/csv.js';
import { yuanText } from '../models/item_form.js';
import { filterMerchants, MERCHANT_STATES, readMerchants } from '../models/merchants.js';
import { may } from '../models/session.js';
import { download } from './download.js';
import { MerchantBadge, Waits } from './item_words.js';
import { StateFilter } from './items.js';
import { MerchantPage } from './merchant.js';
import { NewMerchantDrawer } from './new_merchant.js';
import { ConsolePage } from './rail.js';
import { inOrder, Search, Shown, Table, useOrder } from './table.js';

function columnsNow() {
  return [
    { key: 'merchant', label: t('column.merchant'), head: true, value: (one) => one.name,
      cell: (one) => html`<span class="kiosk-name"><span>${one.name}</span><small class="quiet">${one.place}</small></span>` },
    { key: 'items', label: t('items.title'), number: true, value: (one) => one.items, cell: (one) => count(one.items) },
    { key: 'people', label: t('merchant.people'), number: true, wide: true, value: (one) => one.people_count, cell: (one) => count(one.people_count) },
    { key: 'owed', label: t('column.owed'), number: true, value: (one) => one.payable_fen, cell: (one) => fen(one.payable_fen) },
    { key: 'state', label: t('column.state'), value: (one) => MERCHANT_STATES.indexOf(one.state), cell: (one) => html`<${MerchantBadge} state=${one.state} />` },
    { key: 'waiting', label: t('column.waiting'), value: (one) => (one.version_waits ? 0 : 1), cell: (one) => html`<${Waits} waits=${one.version_waits} />` },
  ];
}

/** The table as it stands, in words and bare numbers. */
function exportMerchants(merchants) {
  const heads = [t('column.merchant'), t('field.place'), t('items.title'), t('merchant.people'), `${t('column.owed')} (CNY)`, t('column.state')];
  const lines = merchants.map((one) => [one.name, one.place, one.items, one.people_count, yuanText(one.payable_fen), t(`merchant.${one.state}`)]);
  download(`${t('merchants.title')}_${isoDay(Date.now())}.csv`, csvText([heads, ...lines]), 'text/csv;charset=utf-8');
}

function MerchantTable({ merchants, again }) {
  const [words, setWords] = useState('');
  const [state, setState] = useState('');
  const [adding, setAdding] = useState(false);
  const [order, turn] = useOrder('merchant');
  const columns = columnsNow();
  const rows = inOrder(filterMerchants(merchants, words, state), columns, order);
  return html`
    <div class="tools">
      <${Search} value=${words} onInput=${setWords} label=${t('merchants.search')} />
      <${StateFilter} states=${MERCHANT_STATES} word="merchant" value=${state} onChange=${setState} />
      <${Shown} shown=${rows.length} all=${merchants.length} />
      <${Button} icon="download" kind="line" disabled=${rows.length === 0} onClick=${() => exportMerchants(rows)}>${t('table.export')}<//>
      ${may('staff_create_merchant') && html`<${Button} icon="plus" kind="main" onClick=${() => setAdding(true)}>${t('merchants.new')}<//>`}
    </div>
    ${rows.length === 0
      ? html`<div class="card"><${Empty} icon="building-store" title=${t(merchants.length ? 'table.nothing_found' : 'merchants.empty')}>${t(merchants.length ? 'table.other_words' : 'merchants.empty.text')}<//></div>`
      : html`<${Table} label=${t('merchants.title')} columns=${columns} rows=${rows} order=${order} onTurn=${turn} onOpen=${(one) => go('merchants', one.id)} />`}
    ${adding && html`<${NewMerchantDrawer} onChanged=${again} onClose=${() => setAdding(false)} />`}`;
}

function MerchantList() {
  const { state, value, error, again } = useLoaded(readMerchants);
  return html`<${ConsolePage} title=${t('merchants.title')} note=${t('merchants.note')}>
    ${state === 'loading' && html`<${Loading} />`}
    ${state === 'failed' && html`<${Failed} error=${error} onRetry=${again} />`}
    ${value && html`<${MerchantTable} merchants=${value} again=${again} />`}
  <//>`;
}

export function Merchants({ part }) {
  return part ? html`<${MerchantPage} key=${part} part=${part} />` : html`<${MerchantList} />`;
}
