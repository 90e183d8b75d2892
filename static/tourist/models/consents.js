/**
 * The notices that a member agrees to, and what was agreed to on this phone. Other words are another version: it is
 * raised here and in the server's domain/consents.py, and everybody is asked again.
 */
import { createStore } from '../../shared/js/view.js';
import { language } from '../../shared/js/i18n.js';
import { keep, keptValue } from '../../shared/js/kept.js';
import { api, closeSession, session, signIn } from './session.js';

export const CURRENT = { terms: 1, privacy: 1 };
export const NOTICES = Object.keys(CURRENT);

const WORDS = {
  'terms-1.zh': () => import('../notices/terms-1.zh.js'),
  'terms-1.en': () => import('../notices/terms-1.en.js'),
  'privacy-1.zh': () => import('../notices/privacy-1.zh.js'),
  'privacy-1.en': () => import('../notices/privacy-1.en.js'),
};

/** The words of a notice: {title, version, from, sections: [{heading, text: [paragraph]}]}. */
export async function loadNotice(notice, version = CURRENT[notice]) {
  return (await WORDS[`${notice}-${version}.${language()}`]()).default;
}

function consentNow() {
  return { ...CURRENT, language: language() };
}

/** Agree to the newest words and sign in, by one button; `identity` as signIn takes it. */
export async function agreeAndSignIn(identity) {
  const consent = consentNow();
  const signedIn = await signIn({ ...identity, consent });
  noteConsent(consent);
  return signedIn;
}

/** The notices with words that were not agreed to on this phone: [] when there is nothing to ask. */
export const consentDue = createStore([]);

const NAME = 'mine.consent';

/** Keep what was agreed to: {terms, privacy} as versions. */
function noteConsent({ terms, privacy }) {
  keep(NAME, { terms, privacy });
  consentDue.set([]);
}

function dueOf(given) {
  return NOTICES.filter((notice) => given?.[notice] !== CURRENT[notice]);
}

/** Look whether something has to be asked: by what this phone keeps; only if that isn't enough, by the server. */
export async function checkConsent() {
  if (!session.get().token || !dueOf(keptValue(NAME)).length) return;
  const { given } = await loadConsents();
  if (!dueOf(given).length) noteConsent(given);
  else consentDue.set(dueOf(given));
}

/** {current, given, data: [{notice, version, deed, language, at}]}. */
export function loadConsents() {
  return api.get('member/consents');
}

/** Agree to the newest words. */
export async function giveConsent() {
  const answer = await api.post('member/consents', consentNow());
  noteConsent(answer.given);
  return answer;
}

/** Take the consent back: signed out everywhere. */
export async function withdrawConsent() {
  await api.post('member/consents/withdraw', { confirm: true });
  closeSession();
}
