/** What members were told on WeChat. Nothing is sent from here. */
import { api } from './session.js';

export const STATES = ['sent', 'unknown', 'failed', 'refused', 'sending'];

/** One page, newest first: {data: [{id, member, occasion, simulated, words, state, tries, answer, begun_at}], next, states}. */
export function readMessages(state, cursor = null, limit = 30) {
  const query = new URLSearchParams({ limit: String(limit) });
  if (state) query.set('state', state);
  if (cursor) query.set('cursor', cursor);
  return api.get(`staff/messages?${query}`);
}
