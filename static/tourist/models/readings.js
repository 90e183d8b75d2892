/** What came in since this page was opened: a waiter, a desk or a kiosk has read the member's code. */
import { api, refreshMember, session } from './session.js';
import { serverNow } from './passes.js';

const LOOKED_AT = 10;   // a reading has at most eight lines
const SLACK_MILLISECONDS = 2000;   // the server says whole seconds

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
