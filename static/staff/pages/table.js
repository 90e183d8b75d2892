/**
 * A table that sorts by its heads, opens a row, and becomes a list of cards on a phone.
 *
 * columns: [{key, label, value(row): what it sorts by, cell(row): what it shows, head?: names the row and opens it,
 *   number?: right-aligned, wide?: not on a phone}]
 *
 * Without `onTurn` the rows stand in the server's order: a page of many is never sorted as if it were all of them.
 */
import { html, useState } from '../../shared/js/view.js';
import { Icon } from '../../shared/js/components.js';
import { t } from '../../shared/js/i18n.js';
import { sortRows } from '../models/sorting.js';

/** The order of a table: {key, descending} and the function that turns it. */
export function useOrder(key) {
  const [order, setOrder] = useState({ key, descending: false });
  const turn = (next) => setOrder((before) => ({ key: next, descending: before.key === next && !before.descending }));
  return [order, turn];
}

/** The rows in the order of the table. */
export function inOrder(rows, columns, order) {
  const column = columns.find((each) => each.key === order.key) ?? columns[0];
  return sortRows(rows, column.value, order.descending);
}

function Head({ column, order, onTurn }) {
  if (!onTurn) return html`<th role="columnheader" scope="col" class=${column.number ? 'number' : ''}><span class="head-plain">${column.label}</span></th>`;
  const here = order.key === column.key;
  const sorted = here ? (order.descending ? 'descending' : 'ascending') : 'none';
  return html`
    <th role="columnheader" scope="col" class=${column.number ? 'number' : ''} aria-sort=${sorted}>
      <button type="button" onClick=${() => onTurn(column.key)}>${column.label}
        <span class="sort-mark" aria-hidden="true">${here ? (order.descending ? '▼' : '▲') : '↕'}</span></button>
    </th>`;
}

function classOf(column) {
  return [column.number && 'number', column.wide && 'wide', `column-${column.key}`].filter(Boolean).join(' ');
}

function Cell({ row, column, onOpen }) {
  if (!column.head) return html`<td role="cell" class=${classOf(column)} data-label=${column.label}>${column.cell(row)}</td>`;
  const open = (event) => { event.stopPropagation(); onOpen(row); };
  return html`<th role="rowheader" scope="row" class=${classOf(column)}><button type="button" class="row-open" onClick=${open}>${column.cell(row)}</button></th>`;
}

function Row({ row, columns, onOpen }) {
  return html`<tr role="row" onClick=${() => onOpen(row)}>
    ${columns.map((column) => html`<${Cell} key=${column.key} row=${row} column=${column} onOpen=${onOpen} />`)}
  </tr>`;
}

export function Table({ label, columns, rows, order, onTurn, onOpen }) {
  return html`
    <div class="table-box" tabindex="0" role="region" aria-label=${label}>
      <table role="table">
        <caption class="visually-hidden">${label}</caption>
        <thead role="rowgroup"><tr role="row">${columns.map((column) => html`<${Head} key=${column.key} column=${column} order=${order} onTurn=${onTurn} />`)}</tr></thead>
        <tbody role="rowgroup">${rows.map((row) => html`<${Row} key=${row.id} row=${row} columns=${columns} onOpen=${onOpen} />`)}</tbody>
      </table>
    </div>`;
}

/** One field that searches while one types. */
export function Search({ value, onInput, label }) {
  return html`<label class="search"><${Icon} name="search" small /><span class="visually-hidden">${label}</span>
    <input type="search" value=${value} placeholder=${label} onInput=${(event) => onInput(event.target.value)} /></label>`;
}

/** How many rows are shown of how many. */
export function Shown({ shown, all }) {
  return html`<p class="small quiet shown" role="status">${t('table.shown', { shown, all })}</p>`;
}
