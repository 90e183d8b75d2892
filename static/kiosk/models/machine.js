/**
 * What this kiosk is and how it stands: its venue, its scenes, network, printer, agreement. Asked anew every
 * few seconds, so that the screen never speaks of a state that is over.
 */
import { createStore } from '../../shared/js/view.js';
import { ask } from './local.js';

const ASK_EVERY_MILLISECONDS = 3_000;
const MISSES_BEFORE_SAYING_SO = 2;
/** An agreement this old still works, but the screen asks staff to bring the kiosk into touch with the server. */
export const AGREEMENT_OLD_DAYS = 7;

/** {state: the process's own words or null before the first answer, answering: false after two misses}. */
export const machine = createStore({ state: null, answering: true, misses: 0 });

/** Ask once; a miss keeps the last known state. */
export async function askMachine() {
  try {
    machine.set({ state: await ask('/api/state'), answering: true, misses: 0 });
  } catch {
    machine.set((before) => {
      const misses = before.misses + 1;
      return { ...before, misses, answering: misses < MISSES_BEFORE_SAYING_SO };
    });
  }
}

/** Keep asking for as long as the page lives. */
export async function watchMachine() {
  await askMachine();
  setTimeout(watchMachine, ASK_EVERY_MILLISECONDS);
}

const STOPPED = { not_provisioned: 'not_provisioned', kiosk_suspended: 'suspended' };

/** The notices that a person in front of the screen should read, most important first. */
export function noticesOf(state, answering) {
  if (!answering) return ['reconnecting'];
  const notices = [];
  if (!state.issuing) notices.push(STOPPED[state.issuing_reason] ?? 'agreement_stopped');
  if (!state.online) notices.push('offline');
  if (state.issuing && state.agreement.age_days >= AGREEMENT_OLD_DAYS) notices.push('agreement_old');
  if (state.issuing && !state.clock.trusted) notices.push('clock');
  if (state.printer.state === 'paper_out') notices.push('paper_out');
  return notices;
}

/** True when a touch leads somewhere: codes are issued and the place has at least one scene now. */
export function isOpen(state) {
  return state.issuing && state.scenes.length > 0;
}

/** The scenes of this venue whose group code can be shown now. */
export function groupScenes(state) {
  return state.issuing && state.online ? state.scenes.filter((scene) => scene.ways.group) : [];
}
