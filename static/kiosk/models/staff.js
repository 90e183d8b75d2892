/**
 * The staff's panel behind the PIN: who is on duty, which act is kept ready, the clock.
 */
import { createStore } from '../../shared/js/view.js';
import { tell } from './local.js';
import { askMachine } from './machine.js';

const CLOSED = { token: null, panel: null, problem: null, busy: false };

/** {token, panel: as the machine has it or null while the PIN is asked, problem, busy}. */
export const staff = createStore(CLOSED);

async function call(path, body) {
  const { token } = staff.get();
  staff.set((before) => ({ ...before, busy: true, problem: null }));
  try {
    const panel = await tell(`/api/staff/${path}`, body, token ? { 'X-Staff-Panel': token } : {});
    staff.set((before) => ({ token: panel.token ?? before.token, panel, problem: null, busy: false }));
    await askMachine();
    return true;
  } catch (problem) {
    // A panel that stood open for too long asks for the PIN again.
    const closed = problem.status === 403 && token !== null;
    staff.set((before) => ({ ...(closed ? CLOSED : before), problem, busy: false }));
    return false;
  }
}

export const openPanel = (pin) => call('panel', { pin });
export const signIn = (clerk) => call('duty', { clerk });
export const signOut = () => call('duty', { clerk: null });
export const keepReady = (scene) => call('ready', { scene });
export const setClock = (setTo) => call('clock', { set_to: setTo });

/** The panel is closed, for the machine too. */
export function closePanel() {
  const { token } = staff.get();
  staff.set(CLOSED);
  if (token) tell('/api/staff/panel/close', {}, { 'X-Staff-Panel': token }).catch(() => {});
}
