/** What points can be exchanged for, and the exchange itself. */
import { freshId, worthAnotherTry } from '../../shared/js/api.js';
import { forget, keep, keptValue } from '../../shared/js/kept.js';
import { api, readKept, refreshMember } from './session.js';
import { keepVoucher } from './vouchers.js';

/** All items on offer. */
export async function loadItems() {
  return (await readKept('mine.items', 'member/items')).data;
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
