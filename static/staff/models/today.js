/** The island today, read again every half minute. */
import { createStore } from '../../shared/js/view.js';
import { healthOf } from './kiosks.js';
import { api } from './session.js';

export const READ_EVERY_MILLISECONDS = 30_000;

/** {value: the answer of staff/today or null, error of the last reading or null}. */
export const today = createStore({ value: null, error: null });

export async function refreshToday() {
  try {
    today.set({ value: await api.get('staff/today'), error: null });
  } catch (error) {
    today.set((before) => ({ ...before, error }));
  }
}

const WORST_FIRST = ['lost', 'suspended', 'silent', 'paper_out', 'waiting', 'invited', 'retired', 'well'];

/** How many kiosks are in each state of health: [[health, count], …], the worst first. */
export function healthCounts(kiosks, now) {
  const counts = new Map();
  for (const kiosk of kiosks) {
    const health = healthOf(kiosk, now);
    counts.set(health, (counts.get(health) ?? 0) + 1);
  }
  return [...counts].sort(([one], [other]) => WORST_FIRST.indexOf(one) - WORST_FIRST.indexOf(other));
}

/** Lines of the list that say the same of the same kind of thing are told apart by this. */
export function needKey({ kind, id }) {
  return `${kind}/${id}`;
}
