/** What points can be exchanged for, and the exchange itself. */
import { freshId, worthAnotherTry } from '../../shared/js/api.js';
import { forget, keep, keptValue } from '../../shared/js/kept.js';
import { serverNow } from './server_time.js';
import { api, readKept, refreshMember } from './session.js';
import { keepVoucher } from './vouchers.js';

const DAY_MILLISECONDS = 86_400_000;

/** All items on offer. */
export async function loadItems() {
  return (await readKept('mine.items', 'member/items')).data;
}

/** Until when a voucher would be good that is made now, in milliseconds; null before the shop was read. */
export function goodUntil() {
  const days = keptValue('mine.items')?.voucher_days;
  return days ? serverNow() + days * DAY_MILLISECONDS : null;
}

/** The merchants of these items, each once: [{id, name}]. */
export function merchantsOf(items) {
  return [...new Map(items.map(({ merchant }) => [merchant.id, merchant])).values()];
}

/**
 * Those that fit everything asked for.
 * @param {{words?: string, merchant?: string, affordable?: boolean}} asked
 */
export function narrowed(items, { words = '', merchant = '', affordable = false }) {
  const wanted = words.trim().toLowerCase().split(/\s+/);
  const text = (item) => `${item.name} ${item.description} ${item.merchant.name}`.toLowerCase();
  return items.filter((item) => (!merchant || item.merchant.id === merchant)
    && (!affordable || item.available)
    && wanted.every((word) => text(item).includes(word)));
}

/** What to aim at: the best thing these points get now, or else the one that the fewest points are missing for. */
export function nextItem(items) {
  const have = items.filter((item) => item.available).sort((one, other) => other.points - one.points);
  const miss = items.filter((item) => item.why_not === 'points_missing').sort((one, other) => one.points_missing - other.points_missing);
  return have[0] ?? miss[0] ?? null;
}

/** An exchange that was sent and not answered keeps its key, so that pressing again can't pay twice. */
function keyOf(itemId, quantity) {
  const open = keptValue('mine.exchange');
  if (open && open.item_id === itemId && open.quantity === quantity) return open.key;
  const key = freshId();
  keep('mine.exchange', { key, item_id: itemId, quantity });
  return key;
}

/** Exchange points for a voucher; answers the voucher. After Unreachable the same call finishes the same exchange. */
export async function exchange(itemId, quantity) {
  const key = keyOf(itemId, quantity);
  try {
    const voucher = await api.post('member/vouchers', { item_id: itemId, quantity }, { key });
    forget('mine.exchange');
    keepVoucher(voucher);
    refreshMember().catch(() => {});   // the balance is read again by the next page at the latest
    return voucher;
  } catch (error) {
    if (!worthAnotherTry(error)) forget('mine.exchange');
    throw error;
  }
}
