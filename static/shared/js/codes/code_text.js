/**
 * How the bytes of a code become text and back: Base32 (RFC 4648), upper case, no padding, bare or as our own link.
 * The server's twin is scenes/wire/code_text.py; tests/vectors holds both to the same answers.
 */
import { malformed } from './code_refused.js';

// The longest text of a QR code in alphanumeric mode. Longer text was never a code.
export const CODE_TEXT_MAX = 4296;

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
// The characters with Unicode's property White_Space. trim() has another list: it lacks U+0085 and knows U+FEFF.
const WHITE_SPACE = new Set(
  '\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a' +
    '\u2028\u2029\u202f\u205f\u3000',
);

/** The text in upper case without outer white space; refuses what is no text, too long or not ASCII. */
export function asciiUpper(text, longest) {
  if (typeof text !== 'string') throw malformed('not a text');
  let start = 0;
  let end = text.length;
  while (start < end && WHITE_SPACE.has(text[start])) start += 1;
  while (end > start && WHITE_SPACE.has(text[end - 1])) end -= 1;
  // ASCII is asked before toUpperCase(): some letters outside it, such as the dotless i, become ASCII in upper case.
  if (end - start > longest || !isAscii(text, start, end)) throw malformed('too long, or not ASCII');
  return text.slice(start, end).toUpperCase();
}

/**
 * The bytes that `text` spells, bare or as `<baseUrl>/S/<CODE>`, in any case, outer white space dropped.
 * Throws CodeRefused for any other alphabet, padding, unused bits that are not 0, another host, or no text at all.
 */
export function codeBytes(text, baseUrl) {
  const upper = asciiUpper(text, CODE_TEXT_MAX);
  const prefix = linkPrefix(baseUrl);
  return decoded(upper.startsWith(prefix) ? upper.slice(prefix.length) : upper);
}

/** The bare code: Base32 upper case without padding. */
export function codeText(bytes) {
  let text = '';
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) text += ALPHABET[(held >> (bits - 5)) & 31];
    held &= (1 << bits) - 1;
  }
  return bits > 0 ? text + ALPHABET[(held << (5 - bits)) & 31] : text;
}

/** The code as our own link, upper case throughout, which keeps a QR code in its small alphanumeric mode. */
export function codeLink(bytes, baseUrl) {
  return linkPrefix(baseUrl) + codeText(bytes);
}

function linkPrefix(baseUrl) {
  return `${baseUrl.replace(/\/$/, '').toUpperCase()}/S/`;
}

function isAscii(text, start, end) {
  for (let place = start; place < end; place += 1) if (text.charCodeAt(place) > 127) return false;
  return true;
}

function decoded(symbols) {
  const bytes = new Uint8Array(Math.floor((symbols.length * 5) / 8));
  if (bytes.length === 0 || (symbols.length * 5) % 8 > 4) throw malformed('no whole number of bytes');
  let held = 0;
  let bits = 0;
  let place = 0;
  for (const symbol of symbols) {
    const value = ALPHABET.indexOf(symbol);
    if (value < 0) throw malformed('not Base32 in our alphabet');
    held = (held << 5) | value;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes[place] = held >> bits;
      place += 1;
      held &= (1 << bits) - 1;
    }
  }
  if (held !== 0) throw malformed('unused bits are not 0');
  return bytes;
}
