/**
 * The member's vouchers and their live codes. A voucher's key stays on this phone and draws a new code each
 * minute, also without signal; the minute is the server's, by the clock in server_time.js.
 */
import { Unreachable } from '../../shared/js/api.js';
import { forget, keep, keptValue } from '../../shared/js/kept.js';
import { noteAge, serverNow } from './server_time.js';
import { api, member, readAged, session, showsKept } from './session.js';

export { serverNow };

function page(standing, cursor) {
  return `member/vouchers?${new URLSearchParams({ standing, ...(cursor && { cursor }) })}`;
}

/** One page of those that can be used, newest first: {data, next}. The first one is kept for the crossing. */
export async function loadUsable(cursor) {
  const { token } = session.get();
  const asked = page('usable', cursor);
  const { value, fresh } = cursor ? { value: await api.get(asked), fresh: true } : await readAged('mine.vouchers', asked);
  if (fresh && session.get().token === token) value.data.forEach(keepVoucher);
  return value;
}

/** Have the codes of all vouchers on this phone before the boat leaves, also of those exchanged on another one. */
export function keepVouchers() {
  let known = 0;   // points in vouchers when the vouchers were read last: another sum, other vouchers
  const turn = () => {
    const held = member.get()?.balance?.held ?? 0;
    if (held === known) return;
    known = held;
    if (held > 0) loadUsable().catch(() => { known = 0; });   // asked for again when the member is read again
  };
  turn();
  return member.subscribe(turn);
}

/** One page of those that were redeemed, given back or too old. */
export function loadEnded(cursor) {
  return api.get(page('ended', cursor));
}

/** Keep what this phone needs to draw the code: the key above all. */
export function keepVoucher(voucher) {
  if (voucher.state !== 'issued') {
    forget(`mine.voucher.${voucher.id}`);
    return voucher;
  }
  const { readable_code: _shownOnce, ...lasting } = voucher;
  keep(`mine.voucher.${voucher.id}`, { ...keptValue(`mine.voucher.${voucher.id}`), ...lasting });
  noteAge(`mine.voucher.${voucher.id}`);
  return voucher;
}

/** One voucher as it is now; without signal as this phone keeps it. */
export async function loadVoucher(id) {
  try {
    return keepVoucher(await api.get(`member/vouchers/${encodeURIComponent(id)}`));
  } catch (error) {
    const kept = keptValue(`mine.voucher.${id}`);
    if (!(error instanceof Unreachable) || !kept) throw error;
    showsKept(`mine.voucher.${id}`);
    return kept;
  }
}

/** The text of the code for this minute. Rejects where the browser has no WebCrypto: then only the readable code helps. */
export async function liveCode(voucher) {
  const { liveVoucherCode } = await import('../../shared/js/codes/voucher_code.js');
  return { text: await liveVoucherCode(voucher, serverNow() / 1000) };
}

/** A new readable code; the one before ends with it. {readable_code, expires_at} */
export async function newReadableCode(id) {
  return api.post(`member/vouchers/${encodeURIComponent(id)}/codes`, {});
}
