/** Who is signed in to the console, and the connection to the server that the other models use. */
import { createStore } from '../../shared/js/view.js';
import { createApi, Unreachable } from '../../shared/js/api.js';
import { language } from '../../shared/js/i18n.js';

const NOBODY = { known: true, person: null, csrf: null, may: [], mustChangePassword: false, mustSetSecondFactor: false };
/** Refusals that say: first do something about your own sign-in. */
const FIRST = ['password_change', 'second_factor_needed'];

/**
 * {known: whether the server has been asked, person: {id, name, login, roles} or null, csrf, may: the operations that
 * the person's roles allow, mustChangePassword: signed in with a one-time password, mustSetSecondFactor: a role asks
 * for one and there is none}.
 */
export const session = createStore({ ...NOBODY, known: false });
/** {offline}: whether the last call reached the server. */
export const signal = createStore({ offline: !navigator.onLine });

const lastRead = new Map();
const plain = createApi({ language, csrf: () => session.get().csrf, onSignedOut: forgetPerson });

function forgetPerson() {
  session.set(NOBODY);
  lastRead.clear();
}

async function watched(call) {
  try {
    const answer = await call;
    signal.set({ offline: false });
    return answer;
  } catch (error) {
    signal.set({ offline: error instanceof Unreachable });
    if (FIRST.includes(error.problem?.why)) plain.get('staff/sessions/current').then(take, () => {});
    throw error;
  }
}

/** The server, watched for signal: the same functions as createApi's. */
export const api = Object.fromEntries(
  Object.entries(plain).map(([name, call]) => [name, (...values) => watched(call(...values))]),
);

addEventListener('offline', () => signal.set({ offline: true }));

/** Read a path; without signal, what this page read there last (the banner says so). */
export async function readOrLast(path) {
  try {
    const answer = await api.get(path);
    lastRead.set(path, answer);
    return answer;
  } catch (error) {
    if (error instanceof Unreachable && lastRead.has(path)) return lastRead.get(path);
    throw error;
  }
}

function take({ person, csrf, may: operations, must_change_password: mustChangePassword, must_set_second_factor: mustSetSecondFactor }) {
  session.set({ known: true, person, csrf, may: operations, mustChangePassword, mustSetSecondFactor });
}

/** May the person do this? Only for what is shown: the server asks its own table at each call. */
export function may(operation) {
  return !operation || session.get().may.includes(operation);
}

/** Is somebody signed in already? The cookie knows, scripts can't read it. */
export async function findSession() {
  await api.get('staff/sessions/current').then(take, () => session.set(NOBODY));
}

/**
 * Sign in. Throws Refused; `error.problem.why` is 'totp_missing' when a second factor is asked for and 'totp' when
 * its digits were wrong. `factor` is {totp}, {recovery_code} or nothing.
 */
export async function signIn(login, password, factor = {}) {
  take(await api.post('staff/sessions', { login, password, ...factor }));
}

/** Sign out on the server; throws Unreachable without signal, for the cookie would stay good. */
export async function signOut() {
  await api.del('staff/sessions/current');
  forgetPerson();
}
