/** The first 96 bytes of a member code: 32 of facts and their signature, the same in every minute of a pass. */
export const PASS_BYTES = 96;
export const PASS_FACTS_BYTES = 32;
export const SLOT_SECONDS = 60;

/** What a pass says, nothing of it checked. `notBefore` in Unix seconds, `slots` in minutes. */
export function passFacts(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return {
    keyId: view.getUint8(1),
    alias: bytes.subarray(2, 10),
    notBefore: view.getUint32(10),
    slots: view.getUint16(14),
    anchor: bytes.subarray(16, PASS_FACTS_BYTES),
  };
}
