/**
 * Handing in scanned codes. Each scan is kept on this phone with its Idempotency-Key before it is sent and
 * leaves the phone only when the server has answered, so a lost signal loses nothing and doubles nothing.
 */
import { createStore } from '../../shared/js/view.js';
import { freshId, Refused, worthAnotherTry } from '../../shared/js/api.js';
import { keep, keptValue } from '../../shared/js/kept.js';
import { api, member, session, takeBalance } from './session.js';

const KEPT_MAX = 200;   // a whole holiday without signal; at the limit a new scan is sent but not kept
const AGAIN_MILLISECONDS = 20_000;
const OUR_CODE = /^(?:https?:\/\/[^/\s]+\/s\/)?([a-z2-7]{141})$/i;

/** Scans on this phone: [{key, code, arrival, companion, member, kept_at, state: 'kept'|'refused', code_refused, detail}] */
export const keptScans = createStore(keptValue('scans', []));

function store(change) {
  keptScans.set(change);
  keep('scans', keptScans.get());
}

function without(key) {
  store((scans) => scans.filter((scan) => scan.key !== key));
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
 * Hand in one code.
 * @returns {Promise<{kind: 'answered', answer: object} | {kind: 'refused', error: Refused} | {kind: 'kept', scan: object}>}
 */
export async function submitScan({ code, arrival, companion }) {
  const scan = {
    key: freshId(), code: code.trim(), member: member.get()?.id ?? null, kept_at: new Date().toISOString(), state: 'kept',
  };
  if (arrival) scan.arrival = arrival;
  if (companion) scan.companion = companion;
  if (keptScans.get().length < KEPT_MAX) store((scans) => [...scans, scan]);
  const outcome = await send(scan);
  // Whoever stands before the phone reads the refusal now; it need not be listed as well.
  if (outcome.kind === 'refused') without(scan.key);
  return outcome;
}

const underWay = new Set();

async function send(scan) {
  underWay.add(scan.key);
  const { code, arrival, companion } = scan;
  try {
    const { body } = await api.send('POST', 'member/scans', { body: { code, arrival, companion }, key: scan.key });
    without(scan.key);
    takeBalance(body.balance);
    return { kind: 'answered', answer: body, paid: body.debt_paid };
  } catch (error) {
    if (!(error instanceof Refused) || worthAnotherTry(error) || error.status === 401) return { kind: 'kept', scan };
    store((scans) => scans.map((each) => (each.key === scan.key
      ? { ...each, state: 'refused', code_refused: error.code, detail: error.detail } : each)));
    return { kind: 'refused', error };
  } finally {
    underWay.delete(scan.key);
  }
}

/** Hand in what waits for the member signed in; answers the outcomes of those the server has judged. */
export async function handInKept() {
  if (!session.get().token) return [];
  const mine = (scan) => scan.state === 'kept' && scan.member === member.get()?.id && !underWay.has(scan.key);
  const outcomes = [];
  for (const scan of keptScans.get().filter(mine)) {
    const outcome = await send(scan);
    if (outcome.kind === 'kept') break;   // no signal: the rest would only wait for the same time-out
    outcomes.push(outcome);
  }
  return outcomes;
}

/** The person has read a late refusal. */
export function dismissScan(key) {
  without(key);
}

/**
 * Hand in what waits now, when the signal comes back, when the phone is taken out again, and every 20 s while
 * the page is seen; answers the function that ends it.
 */
export function keepHandingIn(onOutcomes) {
  const turn = async () => {
    if (document.hidden || !keptScans.get().some((scan) => scan.state === 'kept')) return;
    const outcomes = await handInKept();
    if (outcomes.length) onOutcomes(outcomes);
  };
  const timer = setInterval(turn, AGAIN_MILLISECONDS);
  addEventListener('online', turn);
  document.addEventListener('visibilitychange', turn);
  turn();
  return () => {
    clearInterval(timer);
    removeEventListener('online', turn);
    document.removeEventListener('visibilitychange', turn);
  };
}
