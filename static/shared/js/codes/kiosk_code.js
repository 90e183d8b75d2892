/**
 * The code that a kiosk shows or prints: 24 bytes of facts and an Ed25519 signature, 88 bytes.
 * The server's twin is scenes/wire/kiosk_code.py.
 */
import { binaryText } from './binary_text.js';
import { CodeRefused } from './code_refused.js';
import { codeBytes } from './code_text.js';
import { KIOSK_KINDS, kindOf } from './kinds.js';
import { verify } from './signing.js';

const DOMAIN = new TextEncoder().encode('ISLE-QR-1\0');
const FACTS_BYTES = 24;

/** What the code says, its signature not checked: enough to name a waiting code, never to believe it. */
export function readKioskCode(text, baseUrl, allowed = KIOSK_KINDS) {
  const bytes = codeBytes(text, baseUrl);
  kindOf(bytes, allowed);
  return { fields: fieldsOf(bytes), bytes };
}

/**
 * What the code says, its signature checked with the key that `publicKeyOf(kiosk, epoch)` gives (32 bytes, or null).
 * Throws CodeRefused: text, then version, then kind and length, then device, key and signature.
 */
export async function openKioskCode(text, baseUrl, publicKeyOf, allowed = KIOSK_KINDS) {
  const { fields, bytes } = readKioskCode(text, baseUrl, allowed);
  const publicKey = await publicKeyOf(fields.kiosk, fields.epoch);
  const message = Uint8Array.from([...DOMAIN, ...bytes.subarray(0, FACTS_BYTES)]);
  if (!publicKey || !verify(publicKey, bytes.subarray(FACTS_BYTES), message)) {
    throw new CodeRefused('code_signature_invalid', 'unknown device or key, or not its signature');
  }
  return fields;
}

function fieldsOf(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return {
    kind: view.getUint8(0),
    epoch: view.getUint8(1),
    kiosk: view.getUint32(2),
    counter: view.getUint32(6),
    issued_at: view.getUint32(10),
    scene: view.getUint8(14),
    variant: view.getUint8(15),
    quantity: view.getUint16(16),
    nonce: binaryText(bytes.subarray(18, FACTS_BYTES)),
  };
}
