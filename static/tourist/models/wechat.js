/**
 * The way to WeChat's own pages and back: to sign in, and to say yes to one message. The mark that goes along is this
 * browser's alone, so that nobody is sent here with another person's answer.
 */
import { forget, keep, keptValue } from '../../shared/js/kept.js';
import { api } from './session.js';

const NAME = 'wechat.asked';
const GOOD_MILLISECONDS = 10 * 60_000;
const MARK_BYTES = 16;

/** 128 random bits in letters and digits, which is all that WeChat hands back unchanged. */
function freshMark() {
  return Array.from(crypto.getRandomValues(new Uint8Array(MARK_BYTES)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Go to WeChat's page at `address`; `purpose` is 'sign_in' or the occasion of a message. The answer comes back to "/". */
export function leaveFor(address, purpose) {
  const mark = freshMark();
  keep(NAME, { mark, purpose, hash: location.hash, at: Date.now() });
  location.assign(`${address}${mark}#wechat_redirect`);
}

/** What this browser went for: {purpose, hash}; null for an answer to a question that it did not ask, or asked long ago. */
export function takeQuestion(mark) {
  const asked = keptValue(NAME);
  if (!asked || asked.mark !== mark) return null;
  forget(NAME);
  return Date.now() - asked.at < GOOD_MILLISECONDS ? asked : null;
}

/** What I can be told: [{occasion, how, address, remaining}]; empty for who is not known to WeChat. */
export async function loadReminders() {
  return (await api.get('member/message_consents')).data;
}

/** One more message about this, after WeChat's yes. */
export async function noteReminder(occasion) {
  return (await api.post('member/message_consents', { occasion })).data;
}
