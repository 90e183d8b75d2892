/**
 * The passes that the phone keeps, and the member code that they show in each minute, without any network. Needs no
 * secure context. The server's twin is `member_code` of scenes/wire/member_code.py.
 */
import { binaryBytes } from './binary_text.js';
import { codeText } from './code_text.js';
import { VALUE_BYTES, valuesDown } from './hash_chain.js';
import { PASS_BYTES, SLOT_SECONDS, passFacts } from './pass_facts.js';

/**
 * A pass as `GET member/pass` gave it, ready to show. Its whole chain is hashed once, some milliseconds for a day; each
 * minute after that only looks its value up. Throws where pass and last value don't belong together: what was kept is
 * damaged and has to be fetched again.
 */
export function openPass({ pass, last_value: lastText }) {
  const [bytes, last] = [binaryBytes(pass), binaryBytes(lastText)];
  if (bytes.length !== PASS_BYTES || last.length !== VALUE_BYTES) {
    throw new RangeError('a pass has 96 bytes, a value 16');
  }
  const { alias, notBefore, slots, anchor } = passFacts(bytes);
  const values = valuesDown(alias, slots, last, slots).reverse();
  if (values[0].some((byte, place) => byte !== anchor[place])) throw new RangeError('not the last value of this pass');
  return { bytes, values, notBefore, slots, endsAt: notBefore + SLOT_SECONDS * slots };
}

/** The slot of this pass at this time, in Unix seconds of the server's clock; null before and after the pass. */
export function slotAt(opened, serverSeconds) {
  const slot = Math.floor((serverSeconds - opened.notBefore) / SLOT_SECONDS) + 1;
  return slot >= 1 && slot <= opened.slots ? slot : null;
}

/** The text to show at this time, in Unix seconds of the server's clock; null when none of the passes runs then. */
export function memberCodeText(openedPasses, serverSeconds) {
  const running = openedPasses.find((opened) => slotAt(opened, serverSeconds) !== null);
  return running ? codeText(memberCode(running, slotAt(running, serverSeconds))) : null;
}

/** The 114 bytes of this slot. */
export function memberCode(opened, slot) {
  const shown = new Uint8Array(PASS_BYTES + 2 + VALUE_BYTES);
  shown.set(opened.bytes);
  new DataView(shown.buffer).setUint16(PASS_BYTES, slot);
  shown.set(opened.values[slot], PASS_BYTES + 2);
  return shown;
}
