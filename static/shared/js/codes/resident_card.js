/**
 * The printed card of a resident without a phone, 80 bytes; it earns at attended readers only. Cards are printed by the
 * server, so here is the reader alone. The server's twin is scenes/wire/resident_card.py.
 */
import { binaryText } from './binary_text.js';
import { CodeRefused } from './code_refused.js';
import { codeBytes } from './code_text.js';
import { KIND_CARD, kindOf } from './kinds.js';
import { verify } from './signing.js';

const KINDS = new Set([KIND_CARD]);
const DOMAIN = new TextEncoder().encode('ISLE-CARD-1\0');
const FACTS_BYTES = 16;
const DAY_SECONDS = 86_400;

/**
 * What the card says, its signature checked with the key that `publicKeyOf(pass key id)` gives (32 bytes, or null).
 * Throws CodeRefused: text, then version, then kind and length, then key and signature. Its days (`isValid`), whether
 * it was revoked and what it has earned today are the caller's.
 */
export async function openCard(text, baseUrl, publicKeyOf) {
  const bytes = codeBytes(text, baseUrl);
  kindOf(bytes, KINDS);
  const fields = fieldsOf(bytes);
  const publicKey = await publicKeyOf(fields.key_id);
  const message = Uint8Array.from([...DOMAIN, ...bytes.subarray(0, FACTS_BYTES)]);
  if (!publicKey || !verify(publicKey, bytes.subarray(FACTS_BYTES), message)) {
    throw new CodeRefused('code_signature_invalid', 'unknown pass key, or not its signature');
  }
  return fields;
}

/** Whether the card counts at this Unix second. */
export function isValid(fields, moment) {
  return fields.valid_from <= moment && moment < fields.valid_from + fields.days * DAY_SECONDS;
}

function fieldsOf(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return {
    key_id: view.getUint8(1),
    card: binaryText(bytes.subarray(2, 10)),
    valid_from: view.getUint32(10),
    days: view.getUint16(14),
  };
}
