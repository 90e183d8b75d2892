/** Who stands at this counter, and the connection to the server that the other models use. */
import { createStore } from '../../shared/js/view.js';
import { createApi, Unreachable } from '../../shared/js/api.js';
import { language } from '../../shared/js/i18n.js';
import { forget, keep, keptValue } from '../../shared/js/kept.js';

const SIGNED_OUT = { token: null, merchant: null, person: null, mustChangePassword: false };

/**
 * {token, merchant: {id, name}, person: {name, role} or null, mustChangePassword: signed in with a one-time password}:
 * token is null while nobody is signed in.
 */
export const session = createStore(keptValue('counter.session', SIGNED_OUT));
/** {offline}: whether the last call reached the server. */
export const signal = createStore({ offline: !navigator.onLine });

const plain = createApi({ language, token: () => session.get().token, onSignedOut: endSession });

async function watched(call) {
  try {
    const answer = await call;
    signal.set({ offline: false });
    return answer;
  } catch (error) {
    signal.set({ offline: error instanceof Unreachable });
    throw error;
  }
}

/** The server, watched for signal: the same functions as createApi's. */
export const api = Object.fromEntries(
  Object.entries(plain).map(([name, call]) => [name, (...values) => watched(call(...values))]),
);

addEventListener('offline', () => signal.set({ offline: true }));

export async function signIn(login, password) {
  const { token, merchant, person = null, must_change_password: mustChangePassword = false } = await api.post('merchant/sessions', { login, password });
  session.set({ token, merchant, person, mustChangePassword });
  keep('counter.session', session.get());
}

/** The person has a password of their own now. */
export function passwordIsOwn() {
  session.set((before) => ({ ...before, mustChangePassword: false }));
  keep('counter.session', session.get());
}

/** Does this person look after the others at the counter? */
export function isOwner() {
  return session.get().person?.role === 'owner';
}

function endSession() {
  session.set(SIGNED_OUT);
  forget('counter.session');
}

/** Sign out here and on the server; without signal the server's session ends by its own age. */
export async function signOut() {
  await api.del('merchant/sessions/current').catch(() => {});
  endSession();
}
