/**
 * The voucher code that a person can read out and type: eleven symbols and a check symbol, `XXXX-XXXX-XXXX`.
 * The server's twin is scenes/wire/readable_code.py.
 */
import { malformed } from './code_refused.js';
import { asciiUpper } from './code_text.js';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const SYMBOLS = 11;
const READABLE_TEXT_MAX = 64;

/** The eleven symbols that were typed; throws CodeRefused for a slip, before anything is sent. */
export function normaliseReadable(text) {
  const typed = asciiUpper(text, READABLE_TEXT_MAX).replaceAll('-', '').replaceAll('O', '0').replace(/[IL]/g, '1');
  if (typed.length !== SYMBOLS + 1 || [...typed].some((symbol) => !ALPHABET.includes(symbol))) {
    throw malformed('not twelve symbols of our alphabet');
  }
  const symbols = typed.slice(0, SYMBOLS);
  if (checkSymbol(symbols) !== typed[SYMBOLS]) throw malformed('a slip: the check symbol does not fit');
  return symbols;
}

/** The code as it is shown and printed, check symbol included. */
export function formatReadable(symbols) {
  const text = symbols + checkSymbol(symbols);
  return `${text.slice(0, 4)}-${text.slice(4, 8)}-${text.slice(8)}`;
}

/** Σ α^(i+1)·s_i in GF(32) with x⁵+x²+1 and α = 2. */
export function checkSymbol(symbols) {
  let total = 0;
  for (const symbol of [...symbols].reverse()) total = timesAlpha(total ^ ALPHABET.indexOf(symbol));
  return ALPHABET[total];
}

function timesAlpha(value) {
  const doubled = value << 1;
  return doubled & 32 ? doubled ^ 0b100101 : doubled;
}
