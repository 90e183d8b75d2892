/**
 * The code that a member's phone shows for one minute: a signed pass and a value of its hash chain, 114 bytes. This is
 * the reader; the phone makes it with member_pass.js. The server's twin is scenes/wire/member_code.py.
 */
import { binaryText } from './binary_text.js';
import { CodeRefused, malformed } from './code_refused.js';
import { codeBytes } from './code_text.js';
import { valuesDown } from './hash_chain.js';
import { KIND_MEMBER, kindOf } from './kinds.js';
import { PASS_BYTES, PASS_FACTS_BYTES, SLOT_SECONDS, passFacts } from './pass_facts.js';
import { verify } from './signing.js';

const KINDS = new Set([KIND_MEMBER]);
const DOMAIN = new TextEncoder().encode('ISLE-PASS-1\0');
const SLOTS_MAX = 1440;
const SECONDS_EITHER_WAY = 90;

/** What the code says, nothing of it checked but version, kind and length: enough to name it, never to believe it. */
export function readMemberCode(text, baseUrl) {
  const bytes = codeBytes(text, baseUrl);
  kindOf(bytes, KINDS);
  return { fields: fieldsOf(bytes), bytes };
}

/**
 * What the code says, its signature checked with the key that `publicKeyOf(pass key id)` gives (32 bytes, or null).
 * Throws CodeRefused in this order: text, version, kind and length, key id, ranges, signature, and exactly as many
 * hashes as the slot says. The minute (`fits`), revocation and whether it was read before are the caller's.
 */
export async function openMemberCode(text, baseUrl, publicKeyOf) {
  const { fields, bytes } = readMemberCode(text, baseUrl);
  const publicKey = await publicKeyOf(fields.key_id);
  if (!publicKey) throw unsigned('unknown pass key');
  checkRanges(fields);
  const message = Uint8Array.from([...DOMAIN, ...bytes.subarray(0, PASS_FACTS_BYTES)]);
  if (!verify(publicKey, bytes.subarray(PASS_FACTS_BYTES, PASS_BYTES), message)) {
    throw unsigned('not signed with this pass key');
  }
  const lowest = valuesDown(bytes.subarray(2, 10), fields.slot, bytes.subarray(PASS_BYTES + 2), fields.slot).at(-1);
  if (binaryText(lowest) !== fields.anchor) throw unsigned('a value that is not of this chain');
  return fields;
}

/** Whether a reader whose clock says this Unix second takes the shown minute. */
export function fits(fields, moment) {
  const middle = fields.not_before + SLOT_SECONDS * (fields.slot - 1) + SLOT_SECONDS / 2;
  return Math.abs(moment - middle) <= SECONDS_EITHER_WAY;
}

function fieldsOf(bytes) {
  const { keyId, alias, notBefore, slots, anchor } = passFacts(bytes);
  return {
    key_id: keyId,
    alias: binaryText(alias),
    not_before: notBefore,
    slots,
    anchor: binaryText(anchor),
    slot: new DataView(bytes.buffer, bytes.byteOffset).getUint16(PASS_BYTES),
    value: binaryText(bytes.subarray(PASS_BYTES + 2)),
  };
}

function checkRanges({ not_before: notBefore, slots, slot }) {
  if (notBefore % SLOT_SECONDS !== 0 || slots < 1 || slots > SLOTS_MAX) {
    throw malformed('a pass that begins inside a minute, or of no length that there is');
  }
  if (slot < 1 || slot > slots) throw malformed("a slot that the pass doesn't have");
}

function unsigned(reason) {
  return new CodeRefused('code_signature_invalid', reason);
}
