/**
 * Handing in scanned codes. Each scan is kept on this phone with its Idempotency-Key before it is sent and
 * leaves the phone only when the server has answered, so a lost signal loses nothing and doubles nothing.
 *
 * Each is kept under a name of its own: two tabs that are open at once can't write over each other's.
 */
import { createStore } from '../../shared/js/view.js';
import { freshId, keepTrying, Refused, Unreachable, worthAnotherTry } from '../../shared/js/api.js';
import { forget, keep, keptNames, keptValue, whenOtherTabsKeep } from '../../shared/js/kept.js';
import { serverNow } from './server_time.js';
import { api, member, session, takeBalance } from './session.js';

const KEPT_MAX = 200;   // a whole holiday without signal; at the limit a new scan is sent but not kept
const FOLDER = 'scans.';
const LOCK = 'tanyu.scans';
const ANY_CODE = /^(?:https?:\/\/[^/\s]+\/s\/)?[a-z2-7]{32,}$/i;
const OUR_CODE = /^(?:https?:\/\/[^/\s]+\/s\/)?([a-z2-7]{141})$/i;

/** All on this phone, whoever's, in the order in which they were made. */
function kept() {
  const scans = keptNames(FOLDER).map((name) => keptValue(name)).filter(Boolean);
  return scans.sort((one, other) => one.number - other.number || (one.key < other.key ? -1 : 1));
}

function mine() {
  const id = member.get()?.id ?? null;
  return kept().filter((scan) => scan.member === id);
}

/**
 * The member's scans on this phone: [{key, number, code, arrival, companion, member, kept_at, state, ...}]. `kept` waits;
 * `answered` ({result: {activity, points, reduction_grams}}) and `refused` ({code_refused, detail}) were judged while
 * nobody looked and stay until somebody has.
 */
export const keptScans = createStore(mine());

function show() {
  keptScans.set(mine());
}

member.subscribe(show);
whenOtherTabsKeep(FOLDER, show);

/** Answers whether it will survive the closing of the page. */
function store(scan) {
  const lasting = keep(FOLDER + scan.key, scan);
  show();
  return lasting;
}

function drop(key) {
  forget(FOLDER + key);
  show();
}

/** Whether a text could be a code of this or a later version; a shop's address or a name on a sign can't. */
export function couldBeCode(text) {
  return ANY_CODE.test(text.trim());
}

/** Whether a text looks like one of our kiosk codes: only the server can say that it is one. */
export function looksLikeOurs(text) {
  return OUR_CODE.test(text.trim());
}

/** Whether a code is a paper ticket: its first byte is 0x13, in Base32 "C" and then one of M to P. */
export function isTicket(text) {
  const found = text.trim().match(OUR_CODE);
  return Boolean(found) && /^c[m-p]/i.test(found[1]);
}

/**
 * Hand in one code. Of a `kept` one `lasting` says whether it will still be here when the page was closed.
 * @returns {Promise<{kind: 'answered', answer: object} | {kind: 'refused', error: Refused} | {kind: 'kept', lasting: boolean}>}
 */
export async function submitScan({ code, arrival, companion }) {
  const others = kept();
  const scan = {
    key: freshId(), number: (others.at(-1)?.number ?? 0) + 1, code: code.trim(), member: member.get()?.id ?? null,
    kept_at: new Date(serverNow()).toISOString(), state: 'kept',
  };
  if (arrival) scan.arrival = arrival;
  if (companion) scan.companion = companion;
  const lasting = others.length < KEPT_MAX && store(scan);
  const outcome = await send(scan);
  // Whoever stands before the phone reads the answer now; it need not be listed as well.
  if (outcome.kind !== 'kept') drop(scan.key);
  return outcome.kind === 'kept' ? { ...outcome, lasting } : outcome;
}

const underWay = new Set();

async function send(scan) {
  underWay.add(scan.key);
  const { code, arrival, companion } = scan;
  try {
    const { body } = await api.send('POST', 'member/scans', { body: { code, arrival, companion }, key: scan.key });
    takeBalance(body.balance);
    return { kind: 'answered', answer: body, paid: body.debt_paid };
  } catch (error) {
    const later = !(error instanceof Refused) || worthAnotherTry(error) || error.status === 401;
    return { kind: later ? 'kept' : 'refused', error };
  } finally {
    underWay.delete(scan.key);
  }
}

/** How a scan that was judged later stays here until somebody has seen it. */
function judged(scan, { kind, answer, error }) {
  if (kind === 'refused') return { ...scan, state: 'refused', code_refused: error.code, detail: error.detail };
  const { activity, points, reduction_grams: reductionGrams } = answer;
  return { ...scan, state: 'answered', result: { activity, points, reduction_grams: reductionGrams } };
}

/** A fault over one code is that code's; no answer, too many tries or a server that is away would meet all others too. */
function meetsAll(error) {
  return error instanceof Unreachable || error.status !== 500;
}

/** Hand in what waits, oldest first; answers how many the server has judged. */
async function handIn() {
  let count = 0;
  for (const scan of mine().filter(({ state, key }) => state === 'kept' && !underWay.has(key))) {
    if (keptValue(FOLDER + scan.key)?.state !== 'kept') continue;   // another tab was quicker
    const outcome = await send(scan);
    if (outcome.kind === 'kept' && meetsAll(outcome.error)) break;
    if (outcome.kind !== 'kept' && keptValue(FOLDER + scan.key)) {
      store(judged(scan, outcome));
      count += 1;
    }
  }
  return count;
}

let turnUnderWay = null;

/** The same, one turn at a time: in this tab, and in all tabs where the browser has locks; the key keeps the rest safe. */
export function handInKept() {
  if (!session.get().token) return Promise.resolve(0);
  const alone = () => (navigator.locks ? navigator.locks.request(LOCK, handIn) : handIn());
  turnUnderWay ??= alone().finally(() => { turnUnderWay = null; });
  return turnUnderWay;
}

/** The person has read what became of it. */
export function dismissScan(key) {
  drop(key);
}

/** Hand in what waits, until nothing waits; answers the function that ends it. */
export function keepHandingIn() {
  return keepTrying(handInKept, () => keptScans.get().some((scan) => scan.state === 'kept'));
}
