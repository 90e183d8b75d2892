/**
 * Who is signed in on this phone, and the one connection to the server that the other models use.
 */
import { createStore } from '../../shared/js/view.js';
import { createApi, freshId, Unreachable } from '../../shared/js/api.js';
import { language } from '../../shared/js/i18n.js';
import { forget, keep, keptValue } from '../../shared/js/kept.js';

/** {token, recoveryCode}: token is null while nobody is signed in. */
export const session = createStore(keptValue('session', { token: null, recoveryCode: null }));
/** The member as the server last described it, or null; right after a sign-in still without balance and grams. */
export const member = createStore(keptValue('mine.me'));
/** {offline}: whether the last call reached the server. */
export const signal = createStore({ offline: !navigator.onLine });

const plain = createApi({
  language, token: () => session.get().token, onSignedOut: () => session.get().token && endSession(),
});

async function watched(call) {
  try {
    const answer = await call;
    if (signal.get().offline) signal.set({ offline: false });
    return answer;
  } catch (error) {
    const offline = error instanceof Unreachable;
    if (signal.get().offline !== offline) signal.set({ offline });
    throw error;
  }
}

/** The server, watched for signal: same functions as createApi's. */
export const api = Object.fromEntries(
  Object.entries(plain).map(([name, call]) => [name, (...values) => watched(call(...values))]),
);

addEventListener('offline', () => signal.set({ offline: true }));

/** Ask for `path` and keep the answer for the crossing; without signal, the answer kept last. */
export async function readKept(name, path) {
  try {
    const answer = await api.get(path);
    keep(name, answer);
    return answer;
  } catch (error) {
    const kept = keptValue(name);
    if (error instanceof Unreachable && kept !== null) return kept;
    throw error;
  }
}

function device() {
  const known = keptValue('device');
  if (known) return known;
  const fresh = freshId();
  keep('device', fresh);
  return fresh;
}

/**
 * Sign in as `{guest: true}`, `{code: 'sim:<name>'}` (demonstration) or `{recovery_code}`.
 * A guest's token goes along with a WeChat sign-in, so that the guest's points stay theirs.
 */
export async function signIn(identity) {
  const answer = await api.post('member/sessions', { ...identity, device: device() });
  const before = session.get();
  const recoveryCode = answer.recovery_code ?? identity.recovery_code ?? null;
  const next = { token: answer.token, recoveryCode: answer.member?.kind === 'guest' ? recoveryCode : null };
  if (before.token && before.token !== next.token) forget('mine.', { prefix: true });
  session.set(next);
  keep('session', next);
  takeMember(answer.member);
  refreshMember().catch(() => {});   // the pages ask again and say so if it can't be had
  return answer.member;
}

function takeMember(described) {
  if (!described) return;
  member.set({ ...(member.get()?.id === described.id ? member.get() : {}), ...described });
  keep('mine.me', member.get());
}

/** Read the member again; without signal the last known one stays. */
export async function refreshMember() {
  takeMember(await readKept('mine.me', 'member/me'));
  return member.get();
}

/** Take over a balance that came with another answer. */
export function takeBalance(balance) {
  if (balance && member.get()) takeMember({ ...member.get(), balance });
}

function endSession() {
  session.set({ token: null, recoveryCode: null });
  member.set(null);
  forget('session');
  forget('mine.', { prefix: true });
}

/** Sign out: the server ends the session, this phone forgets what was the member's (voucher keys too). */
export async function signOut() {
  await api.del('member/sessions/current').catch((error) => {
    // Without signal the phone forgets all the same; the session ends on the server by its own age.
    if (!(error instanceof Unreachable)) throw error;
  });
  endSession();
}
