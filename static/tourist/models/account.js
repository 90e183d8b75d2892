/** My account: where I am signed in, my data to take along, and the way to be forgotten. */
import { freshId, Refused } from '../../shared/js/api.js';
import { forget, keep, keptValue } from '../../shared/js/kept.js';
import { api, closeSession, session } from './session.js';

const LONG_MILLISECONDS = 180_000;   // a long history over one bar of signal
/** What this phone keeps beside the member's own things; how the pages look stays. */
const OF_THE_PERSON = ['scans', 'device', 'stand_in', 'arrival', 'forgetting'];

/** [{id, device, created_at, last_used_on, expires_at, current}], this phone first. */
export async function loadSessions() {
  return (await api.get('member/sessions')).data;
}

export function endSession(id) {
  return api.del(`member/sessions/${encodeURIComponent(id)}`);
}

export function endOtherSessions() {
  return api.del('member/sessions/others');
}

/** Everything that the server holds about me, as it answers it. */
export async function loadExport() {
  return (await api.send('GET', 'member/export', { patience: LONG_MILLISECONDS })).body;
}

/** What would end: {points, debt, reduction_grams, vouchers, acts_waiting, cards, sessions}. */
export function loadWouldEnd() {
  return api.get('member/forget');
}

/** The key of this call, kept before it is sent: an answer that was lost is asked for once more, not done twice. */
function forgettingKey() {
  const { token } = session.get();
  const kept = keptValue('forgetting');
  if (kept?.token === token) return kept.key;
  const fresh = { token, key: freshId() };
  keep('forgetting', fresh);
  return fresh.key;
}

/** Be forgotten: answers {points, vouchers, acts, debt}, null where another phone was first. Nothing is left here. */
export async function forgetMe() {
  const answer = await ended();
  closeSession();
  for (const name of OF_THE_PERSON) forget(name, { prefix: true });
  return answer;
}

async function ended() {
  try {
    const { body } = await api.send('POST', 'member/forget', { body: { confirm: true }, key: forgettingKey() });
    return body;
  } catch (error) {
    if (error instanceof Refused && error.status === 401) return null;
    throw error;
  }
}
