/** The goods that points are exchanged for, with their stock. */
import { freshId } from '../../shared/js/api.js';
import { api, readOrLast } from './session.js';

const PAGE = 100;
export const ITEM_STATES = ['offered', 'sold_out', 'paused', 'new'];

/** All rows of a list that comes in pages. */
export async function readAll(path) {
  const rows = [];
  for (let cursor = ''; cursor !== null;) {
    const page = await readOrLast(`${path}${path.includes('?') ? '&' : '?'}limit=${PAGE}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
    rows.push(...page.data);
    cursor = page.next;
  }
  return rows;
}

/** [{id, name, merchant, points, settlement_fen, limit_per_person, active, state, stock: {put_in, remaining, given}, …}]. */
export function readItems() {
  return readAll('staff/items');
}

/** One item: {item, versions, next: cursor of older ones, stock: its newest changes}. */
export async function readItem(id) {
  const path = `staff/items/${id}`;
  const [item, versions, stock] = await Promise.all([readOrLast(path), readOrLast(`${path}/versions`), readOrLast(`${path}/stock`)]);
  return { item, versions: versions.data, next: versions.next, stock: stock.data };
}

/** Items whose name or merchant holds the words, in one state or all. */
export function filterItems(items, words, state) {
  const wanted = words.trim().toLowerCase();
  const found = ({ name_zh: zh, name_en: en, merchant }) => [zh, en, merchant.name].some((text) => text.toLowerCase().includes(wanted));
  return items.filter((item) => (!state || item.state === state) && found(item));
}

/** A new item; `change` is {document, starts_at, reason}. It waits for a second person. */
export async function createItem(merchantId, change) {
  const item = await api.post('staff/items', { merchant_id: merchantId, ...change });
  return { ...item, state: 'asked' };
}

/** What a new item would change: all of it, and a second person always decides. */
export function previewItem({ document, starts_at: startsAt }) {
  const changes = Object.entries(document).filter(([, value]) => value !== null)
    .map(([field, after]) => ({ field, before: null, after, costs: ['points', 'settlement_fen', 'limit_per_person', 'active'].includes(field) }));
  return Promise.resolve({ changes, second_person: true, starts_at: startsAt, puts_aside: [] });
}

/** A change of stock that is being made: asked again with the same key until it is answered. */
export function stockWish(pieces, reason) {
  return { pieces, reason, key: freshId() };
}

/** Put pieces in, or take them out where negative; answers the change, which is done or waits for a second person. */
export function changeStock(id, { pieces, reason, key }) {
  return api.post(`staff/items/${id}/stock`, { pieces, reason }, { key });
}

/** A stock change in the shape of a version, for those who decide about it; `title` names it in place of a number. */
export function asVersion(id, remaining, change, title) {
  return {
    ...change, title, version: 1, starts_at: null, document: {}, address: `staff/items/${id}/stock/${change.id}`,
    changes: [{ field: 'stock', before: remaining, after: remaining + change.pieces, costs: true }],
  };
}
