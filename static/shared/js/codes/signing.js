/**
 * Ed25519 as in RFC 8032 without cofactor. The library's own verify() multiplies by the cofactor even with
 * `zip215: false`, and so takes some signatures that the server refuses; here the equation stands as it is.
 */
import { Point } from '../../vendor/noble-ed25519/index.js';
import { sha512 } from './sha2.js';

const GROUP_ORDER = Point.CURVE().n;
const STRICT = false; // `zip215: false`: y below the field's prime, no negative zero

/** True only for the strict signature of `message` by `publicKey`; false, never an error, for what was read. */
export function verify(publicKey, signature, message) {
  const points = decoded(publicKey, signature);
  if (points === null) return false;
  const { key, r, s } = points;
  const hashed = sha512(Uint8Array.from([...signature.subarray(0, 32), ...publicKey, ...message]));
  const k = littleEndian(hashed) % GROUP_ORDER;
  return Point.BASE.multiply(s, false).subtract(key.multiply(k, false)).equals(r);
}

function decoded(publicKey, signature) {
  if (publicKey.length !== 32 || signature.length !== 64) return null;
  const s = littleEndian(signature.subarray(32));
  if (s >= GROUP_ORDER) return null;
  try {
    const key = Point.fromBytes(publicKey, STRICT);
    return key.isSmallOrder() ? null : { key, r: Point.fromBytes(signature.subarray(0, 32), STRICT), s };
  } catch {
    return null; // not the canonical spelling of a point of the curve
  }
}

function littleEndian(bytes) {
  return bytes.reduceRight((total, byte) => (total << 8n) | BigInt(byte), 0n);
}
