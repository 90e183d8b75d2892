/** The values of a pass: v[i − 1] is the first 16 bytes of SHA-256 over domain, alias, i and v[i]. */
import { sha256 } from './sha2.js';

export const VALUE_BYTES = 16;

const DOMAIN = new TextEncoder().encode('ISLE-HC-1\0');
const ALIAS_BYTES = 8;

/** v[slot], v[slot − 1] … v[slot − steps]: each one hash further down. */
export function valuesDown(alias, slot, value, steps) {
  const message = new Uint8Array(DOMAIN.length + ALIAS_BYTES + 2 + VALUE_BYTES);
  const view = new DataView(message.buffer);
  message.set(DOMAIN);
  message.set(alias, DOMAIN.length);
  const values = [value];
  for (let place = slot; place > slot - steps; place -= 1) {
    view.setUint16(DOMAIN.length + ALIAS_BYTES, place);
    message.set(values.at(-1), DOMAIN.length + ALIAS_BYTES + 2);
    values.push(sha256(message).subarray(0, VALUE_BYTES));
  }
  return values;
}
