/**
 * The member's vouchers and their live codes. A voucher's key stays on this phone and draws a new code each
 * minute, also without signal; the minute is the server's.
 */
import { Unreachable } from '../../shared/js/api.js';
import { forget, keep, keptValue } from '../../shared/js/kept.js';
import { api, readKept } from './session.js';

/** All vouchers, newest first. */
export async function loadVouchers() {
  return (await readKept('mine.vouchers', 'member/vouchers')).data;
}

/** Keep what this phone needs to draw the code: the key and how far its clock is from the server's. */
export function keepVoucher(voucher) {
  if (voucher.state !== 'issued') {
    forget(`mine.voucher.${voucher.id}`);
    return voucher;
  }
  const before = keptValue(`mine.voucher.${voucher.id}`);
  const offset = voucher.server_time ? Date.parse(voucher.server_time) - Date.now() : before?.clock_offset ?? 0;
  const { readable_code: _shownOnce, ...lasting } = voucher;
  keep(`mine.voucher.${voucher.id}`, { ...before, ...lasting, clock_offset: offset });
  return voucher;
}

/** One voucher as it is now; without signal as this phone keeps it. */
export async function loadVoucher(id) {
  try {
    return keepVoucher(await api.get(`member/vouchers/${encodeURIComponent(id)}`));
  } catch (error) {
    const kept = keptValue(`mine.voucher.${id}`);
    if (error instanceof Unreachable && kept) return kept;
    throw error;
  }
}

/** The server's time on this phone, in milliseconds. */
export function serverNow(id) {
  return Date.now() + (keptValue(`mine.voucher.${id}`)?.clock_offset ?? 0);
}

/** The text of the code for this minute. Rejects where the browser has no WebCrypto: then only the readable code helps. */
export async function liveCode(voucher) {
  const { liveVoucherCode } = await import('../../shared/js/codes/voucher_code.js');
  return { text: await liveVoucherCode(voucher, serverNow(voucher.id) / 1000) };
}

/** A new readable code; the one before ends with it. {readable_code, expires_at} */
export async function newReadableCode(id) {
  return api.post(`member/vouchers/${encodeURIComponent(id)}/codes`, {});
}
