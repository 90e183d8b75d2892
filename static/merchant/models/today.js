/** This counter's redemptions: the day's count and sum, and the list. */
import { createStore } from '../../shared/js/view.js';
import { isoDay } from '../../shared/js/format.js';
import { api } from './session.js';

/** {today: {count, settlement_fen} or null, data: redemptions of today, next: cursor or null, error, loading}. */
export const today = createStore({ today: null, data: [], next: null, error: null, loading: false });

function isToday(redemption) {
  return isoDay(redemption.redeemed_at) === isoDay(Date.now());
}

async function read(path) {
  today.set((before) => ({ ...before, loading: true, error: null }));
  const answer = await api.get(path).catch((error) => {
    today.set((before) => ({ ...before, loading: false, error }));
    return null;
  });
  if (!answer) return null;
  const data = answer.data.filter(isToday);
  return { ...answer, data, next: data.length === answer.data.length ? answer.next : null };
}

/** Read the day anew; on trouble the figures of before stay. */
export async function refreshToday() {
  const answer = await read('merchant/redemptions');
  if (answer) today.set({ ...answer, error: null, loading: false });
}

/** The next page of the day's list. */
export async function showMore() {
  const { next } = today.get();
  const answer = next && await read(`merchant/redemptions?cursor=${encodeURIComponent(next)}`);
  if (answer) today.set((before) => ({ ...answer, data: [...before.data, ...answer.data], error: null, loading: false }));
}
