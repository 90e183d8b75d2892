/**
 * SHA-256 and SHA-512 (FIPS 180-4), answered at once and on any page: WebCrypto is missing where the page has no
 * secure context, and a promise for each hash would make a chain of 1,440 of them slow.
 */
const PRIMES = [2];
for (let number = 3; PRIMES.length < 80; number += 2) {
  if (PRIMES.every((prime) => number % prime)) PRIMES.push(number);
}

// The standard's constants: the first 64 bits behind the point of the primes' square and cube roots. SHA-256 has 32.
const STATE_512 = BigUint64Array.from(PRIMES.slice(0, 8), (prime) => rootBits(prime, 2n));
const ROUNDS_512 = BigUint64Array.from(PRIMES, (prime) => rootBits(prime, 3n));
const STATE_256 = Uint32Array.from(STATE_512, (bits) => Number(bits >> 32n));
const ROUNDS_256 = Uint32Array.from(ROUNDS_512.subarray(0, 64), (bits) => Number(bits >> 32n));

const words = new Uint32Array(64);
const longWords = new BigUint64Array(80);

/** The 32 bytes of SHA-256. */
export function sha256(message) {
  const state = STATE_256.slice();
  const view = padded(message, 64);
  for (let start = 0; start < view.byteLength; start += 64) mix256(state, view, start);
  const digest = new DataView(new ArrayBuffer(32));
  state.forEach((word, place) => digest.setUint32(place * 4, word));
  return new Uint8Array(digest.buffer);
}

/** The 64 bytes of SHA-512. */
export function sha512(message) {
  const state = STATE_512.slice();
  const view = padded(message, 128);
  for (let start = 0; start < view.byteLength; start += 128) mix512(state, view, start);
  const digest = new DataView(new ArrayBuffer(64));
  state.forEach((word, place) => digest.setBigUint64(place * 8, word));
  return new Uint8Array(digest.buffer);
}

function rootBits(prime, degree) {
  const scaled = BigInt(prime) << (64n * degree);
  let root = 1n << 67n; // above every root that is asked for; Newton's steps come down to the whole part and stop there
  for (let next = 0n; ; root = next) {
    next = ((degree - 1n) * root + scaled / root ** (degree - 1n)) / degree;
    if (next >= root) return BigInt.asUintN(64, root);
  }
}

/** The message, a set bit, zeros, and its length in bits at the end of the last block. */
function padded(message, block) {
  const bytes = new Uint8Array(Math.ceil((message.length + 1 + block / 8) / block) * block);
  bytes.set(message);
  bytes[message.length] = 0x80;
  const view = new DataView(bytes.buffer);
  view.setUint32(bytes.length - 8, Math.floor(message.length / 2 ** 29));
  view.setUint32(bytes.length - 4, message.length << 3);
  return view;
}

const turn = (word, by) => (word >>> by) | (word << (32 - by));

function spread256(view, start) {
  for (let place = 0; place < 16; place += 1) words[place] = view.getUint32(start + place * 4);
  for (let place = 16; place < 64; place += 1) {
    const before = words[place - 2];
    const far = words[place - 15];
    const near = turn(before, 17) ^ turn(before, 19) ^ (before >>> 10);
    words[place] = near + words[place - 7] + (turn(far, 7) ^ turn(far, 18) ^ (far >>> 3)) + words[place - 16];
  }
}

// Assigned one by one: a pattern for all eight would go through an iterator each round until the function is compiled.
function mix256(state, view, start) {
  spread256(view, start);
  let [a, b, c, d, e, f, g, h] = state;
  for (let place = 0; place < 64; place += 1) {
    const chosen = (e & f) ^ (~e & g);
    const first = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + chosen + ROUNDS_256[place] + words[place]) | 0;
    const second = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + second) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((word, place) => { state[place] += word; });
}

const turnLong = (word, by) => (word >> by) | BigInt.asUintN(64, word << (64n - by));

function spread512(view, start) {
  for (let place = 0; place < 16; place += 1) longWords[place] = view.getBigUint64(start + place * 8);
  for (let place = 16; place < 80; place += 1) {
    const [before, far] = [longWords[place - 2], longWords[place - 15]];
    const near = turnLong(before, 19n) ^ turnLong(before, 61n) ^ (before >> 6n);
    const distant = turnLong(far, 1n) ^ turnLong(far, 8n) ^ (far >> 7n);
    longWords[place] = near + longWords[place - 7] + distant + longWords[place - 16];
  }
}

function mix512(state, view, start) {
  spread512(view, start);
  let [a, b, c, d, e, f, g, h] = state;
  for (let place = 0; place < 80; place += 1) {
    const chosen = (e & f) ^ (~e & g);
    const first =
      h + (turnLong(e, 14n) ^ turnLong(e, 18n) ^ turnLong(e, 41n)) + chosen + ROUNDS_512[place] + longWords[place];
    const second = (turnLong(a, 28n) ^ turnLong(a, 34n) ^ turnLong(a, 39n)) + ((a & b) ^ (a & c) ^ (b & c));
    [h, g, f, e, d, c, b, a] = [g, f, e, BigInt.asUintN(64, d + first), c, b, a, BigInt.asUintN(64, first + second)];
  }
  [a, b, c, d, e, f, g, h].forEach((word, place) => { state[place] += word; });
}
