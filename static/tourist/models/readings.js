/** What came in since this page was opened: a waiter, a desk or a kiosk has read the member's code. */
import { api, refreshMember, session } from './session.js';
import { serverNow } from './server_time.js';

const LOOKED_AT = 10;   // a reading has at most eight lines
const SLACK_MILLISECONDS = 2000;   // the server says whole seconds
const SOON_MILLISECONDS = 5_000;
const SELDOM_MILLISECONDS = 45_000;
const AWAITED_MILLISECONDS = 180_000;

let shownAt = -AWAITED_MILLISECONDS;

/** The member code is on the screen: for some minutes somebody may read it. */
export function codeShown() {
  shownAt = performance.now();
}

/** Answers a function that asks once: the activities recorded since now that it hasn't answered yet, oldest first. */
export function watchReadings() {
  const since = serverNow() - SLACK_MILLISECONDS;
  const told = new Set();
  return async function look() {
    const { token } = session.get();
    if (!token) return [];
    const { data } = await api.get(`member/activities?limit=${LOOKED_AT}`);
    const fresh = data.filter((each) => Date.parse(each.recorded_at) >= since && !told.has(each.id));
    for (const each of fresh) told.add(each.id);
    if (fresh.length) refreshMember().catch(() => {});
    return session.get().token === token ? fresh.reverse() : [];
  };
}

/**
 * Call `turn` while the page is seen and has a network: every few seconds for some minutes after the code was shown,
 * else seldom and never at the same moment as everybody else; at once when the phone is taken out again. Answers what
 * ends it. One call at a time: a slow answer is waited for.
 */
export function lookEvery(turn) {
  let [timer, ended] = [0, false];
  const pause = () => {
    const soon = performance.now() - shownAt < AWAITED_MILLISECONDS;
    return soon ? SOON_MILLISECONDS : SELDOM_MILLISECONDS * (0.8 + Math.random() * 0.4);
  };
  const next = () => {
    clearTimeout(timer);
    if (!ended && !document.hidden) timer = setTimeout(go, pause());
  };
  const go = async () => {
    clearTimeout(timer);
    if (ended || document.hidden) return;
    if (navigator.onLine) await turn();
    next();
  };
  document.addEventListener('visibilitychange', go);
  next();
  return () => {
    ended = true;
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', go);
  };
}
