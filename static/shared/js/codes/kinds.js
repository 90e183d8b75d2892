/** The first byte of every code: version 1 in the high nibble, the kind in the low one. */
import { CodeRefused, malformed } from './code_refused.js';

const VERSION = 1;

export const KIND_SINGLE_USE = 0x11;
export const KIND_GROUP = 0x12;
export const KIND_TICKET = 0x13;
export const KIND_MEMBER = 0x14;
export const KIND_VOUCHER = 0x15;
export const KIND_CARD = 0x16;

export const KIOSK_KINDS = new Set([KIND_SINGLE_USE, KIND_GROUP, KIND_TICKET]);

// Length in bytes of each kind.
const CODE_LENGTHS = new Map([
  [KIND_SINGLE_USE, 88],
  [KIND_GROUP, 88],
  [KIND_TICKET, 88],
  [KIND_MEMBER, 114],
  [KIND_VOUCHER, 30],
  [KIND_CARD, 80],
]);

/** The kind of a code, if this reader takes it and its length fits; an unknown version is told first. */
export function kindOf(bytes, allowed) {
  if (bytes[0] >> 4 !== VERSION) throw new CodeRefused('code_unknown_version', 'a version not known here');
  if (!allowed.has(bytes[0]) || bytes.length !== CODE_LENGTHS.get(bytes[0])) {
    throw malformed('a kind that is not taken here, or of another length');
  }
  return bytes[0];
}
