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

const STOPPED = {
  not_provisioned: 'not_provisioned', kiosk_suspended: 'suspended',
  disk_full: 'disk_full', disk_read_only: 'disk_read_only', disk_failing: 'disk_failing', journal_damaged: 'journal_damaged',
  counters_unknown: 'counters_unknown', disk_rolled_back: 'disk_rolled_back',
};

/** What to say while the office can't be reached: a line cut for show, or a real one, with what waits. */
function silenceOf(state) {
  if (state.cut) return 'cut';
  return state.queue > 0 && state.waiting.since ? 'offline_waiting' : 'offline';
}

/** Since when the oldest item waits, as "07-31 18:05" of the island's time. */
export function waitingSince(state) {
  const since = state.waiting?.since;
  return since ? `${since.slice(5, 10)} ${since.slice(11, 16)}` : '';
}

/** The notices that a person in front of the screen should read, most important first. */
export function noticesOf(state, answering) {
  if (!answering) return ['reconnecting'];
  const notices = [];
  if (!state.issuing) notices.push(STOPPED[state.issuing_reason] ?? 'agreement_stopped');
  // These two come from being out of touch and say more than that it is so.
  if (state.issuing && !state.clock.trusted) notices.push('clock');
  if (state.issuing && state.agreement.age_days >= AGREEMENT_OLD_DAYS) notices.push('agreement_old');
  if (!state.online) notices.push(silenceOf(state));
  if (state.printer.state === 'paper_out') notices.push('paper_out');
  if (state.kept_aside.length > 0) notices.push('kept_aside');
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
