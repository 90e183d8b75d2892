/**
 * The live code of a voucher, 30 bytes, made anew each minute with the voucher's own key. Only WebCrypto computes it:
 * where the page has none (no secure context) there is no live code, and the readable code stands in for it.
 */
import { binaryBytes, hexBytes } from './binary_text.js';
import { codeText } from './code_text.js';
import { KIND_VOUCHER } from './kinds.js';

const DOMAIN = new TextEncoder().encode('ISLE-V-1\0');
const FACTS_BYTES = 14;
const TAG_BYTES = 16;

/** Whether this page can make live codes at all. */
export function canMakeVoucherCodes() {
  return Boolean(globalThis.crypto?.subtle);
}

/** The minute of the code at this time, in Unix seconds of the server's clock. */
export function minuteAt(serverSeconds) {
  return Math.floor(serverSeconds / 60);
}

/** The text to show: `voucher` as the API gave it, `{id (16 hex), key_id, key}`; Unix seconds of the server's clock. */
export async function liveVoucherCode(voucher, serverSeconds) {
  const key = binaryBytes(voucher.key);
  return codeText(await voucherCode(key, voucher.key_id, hexBytes(voucher.id), minuteAt(serverSeconds)));
}

/** The 30 bytes for this minute: key of 32 bytes, voucher of 8. */
export async function voucherCode(key, keyId, voucher, minute) {
  if (key.length !== 32 || voucher.length !== 8) throw new RangeError('a key has 32 bytes, a voucher 8');
  const facts = new Uint8Array(FACTS_BYTES);
  const view = new DataView(facts.buffer);
  view.setUint8(0, KIND_VOUCHER);
  view.setUint8(1, keyId);
  facts.set(voucher, 2);
  view.setUint32(10, minute);
  const tag = await hmacSha256(key, Uint8Array.from([...DOMAIN, ...facts]));
  return Uint8Array.from([...facts, ...tag.subarray(0, TAG_BYTES)]);
}

async function hmacSha256(key, message) {
  const usable = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', usable, message));
}
