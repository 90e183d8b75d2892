/** A member without a phone spends at the desk: what can be had, the voucher, and its paper. */
import { readItems } from './items.js';
import { postOnce } from './once.js';
import { api } from './session.js';

export const WAYS_CHECKED = ['known_in_person', 'identity_card', 'resident_card'];

/** Items on offer that these points pay for: [{id, name, points, merchant, stock}], the dearest first. */
export async function affordable(points) {
  const items = await readItems();
  return items.filter((item) => item.state === 'offered' && item.points <= points).sort((one, other) => other.points - one.points);
}

/** The voucher: {id, readable_code, item, quantity, points, merchant, expires_at}. */
export function exchangeAtDesk(memberId, itemId, quantity, checked) {
  return postOnce(`staff/members/${memberId}/vouchers`, { item_id: itemId, quantity, checked });
}

/** The voucher on paper, as a file. */
export function voucherSlip(memberId, voucherId) {
  return api.file(`staff/members/${memberId}/vouchers/${voucherId}/slip`, {}, 'application/pdf');
}
