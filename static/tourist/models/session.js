/**
 * Who is signed in on this phone, and the one connection to the server that the other models use.
 */
import { createStore } from '../../shared/js/view.js';
import { createApi, freshId, keepTrying, Unreachable } from '../../shared/js/api.js';
import { language } from '../../shared/js/i18n.js';
import { forget, keep, keptValue } from '../../shared/js/kept.js';
import { ageOf, learnTime, noteAge, serverNow } from './server_time.js';

/** {token, recoveryCode}: token is null while nobody is signed in. */
export const session = createStore(keptValue('session', { token: null, recoveryCode: null }));
/** The member as the server last described it, or null; right after a sign-in still without balance and grams. */
export const member = createStore(keptValue('mine.me'));
/** {at, fresh}: when the server last said this balance (ms, its clock), and whether it did so in this visit. */
export const memberAge = createStore({ at: ageOf('mine.me'), fresh: false });
/**
 * {offline, asOf, turn}: whether the last call failed to reach the server; how old the oldest kept answer on this page
 * is (ms, the server's clock; null when none is shown); `turn` changes when what is shown has to be asked for again.
 */
export const signal = createStore({ offline: !navigator.onLine, asOf: null, turn: 0 });

const plain = createApi({
  language, token: () => session.get().token, onSignedOut: () => session.get().token && closeSession(), onTime: learnTime,
});

async function watched(call) {
  try {
    const answer = await call;
    if (signal.get().offline) signal.set(({ asOf, turn }) => ({ offline: false, asOf: null, turn: asOf === null ? turn : turn + 1 }));
    return answer;
  } catch (error) {
    const offline = error instanceof Unreachable;
    if (signal.get().offline !== offline) signal.set((before) => ({ ...before, offline }));
    throw error;
  }
}

/** The server, watched for signal: same functions as createApi's. */
export const api = Object.fromEntries(
  Object.entries(plain).map(([name, call]) => [name, (...values) => watched(call(...values))]),
);

addEventListener('offline', () => signal.set((before) => ({ ...before, offline: true })));

/** Something kept is shown in place of an answer. */
export function showsKept(name) {
  const age = ageOf(name);
  if (age !== null) signal.set((before) => ({ ...before, asOf: Math.min(age, before.asOf ?? age) }));
}

/** Another page opens; what it shows decides anew how old that is. */
export function showsNothingKept() {
  if (signal.get().asOf !== null) signal.set((before) => ({ ...before, asOf: null }));
}

/** Ask for `path` and keep the answer for the crossing; without signal, the answer kept last. */
export async function readKept(name, path) {
  return (await readAged(name, path)).value;
}

/** The same as {value, fresh}: whether it is an answer, not what was kept. */
export async function readAged(name, path) {
  try {
    const answer = await api.get(path);
    keep(name, answer);
    noteAge(name);
    return { value: answer, fresh: true };
  } catch (error) {
    const kept = keptValue(name);
    if (!(error instanceof Unreachable) || kept === null) throw error;
    showsKept(name);
    return { value: kept, fresh: false };
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
 * Sign in as `{guest: true}`, `{code: 'sim:<name>'}` (demonstration) or `{recovery_code}`, with the `consent` that the
 * person gives by it.
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

/** Read the member again; without signal the last known one stays, and is known to be old. */
export async function refreshMember() {
  const { token } = session.get();
  const { value, fresh } = await readAged('mine.me', 'member/me');
  if (session.get().token !== token) return member.get();
  takeMember(value);
  memberAge.set({ at: ageOf('mine.me'), fresh });
  return member.get();
}

/** Read the member whenever the phone is taken out or the signal is back, and as long as there is none; answers what ends it. */
export function keepMemberFresh() {
  return keepTrying(refreshMember, () => signal.get().offline);
}

/** Take over a balance that came with another answer. */
export function takeBalance(balance) {
  if (!balance || !member.get()) return;
  takeMember({ ...member.get(), balance });
  noteAge('mine.me');
  memberAge.set({ at: serverNow(), fresh: true });
}

/** The server knows this session no more: the phone forgets it and what was the member's (voucher keys too). */
export function closeSession() {
  session.set({ token: null, recoveryCode: null });
  member.set(null);
  memberAge.set({ at: null, fresh: false });
  forget('session');
  forget('mine.', { prefix: true });
}

/** Sign out: the server ends the session, and this phone too. */
export async function signOut() {
  await api.del('member/sessions/current').catch((error) => {
    // Without signal the phone forgets all the same; the session ends on the server by its own age.
    if (!(error instanceof Unreachable)) throw error;
  });
  closeSession();
}
