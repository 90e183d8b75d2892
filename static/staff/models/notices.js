/** Notices to the staff: what the fleet's troubles are, who has looked, and what was done. */
import { createStore } from '../../shared/js/view.js';
import { api, may } from './session.js';

export const READ_EVERY_MILLISECONDS = 60_000;
export const STATES = ['open', 'seen', 'answered'];
export const NOTE_MOST = 500;

/** {open: how many nobody has looked at, unanswered: these and the seen; null until read}. */
export const unseen = createStore({ open: null, unanswered: null });

/** One page: {data, next, open, unanswered}. `filters` are {state, kind, kiosk, search}; empty ones are left out. */
export async function readNotices(filters = {}, cursor = null, limit = 30) {
  const query = new URLSearchParams({ limit: String(limit) });
  for (const [name, value] of Object.entries(filters)) if (value.trim()) query.set(name, value.trim());
  if (cursor) query.set('cursor', cursor);
  const page = await api.get(`staff/notices?${query}`);
  unseen.set({ open: page.open, unanswered: page.unanswered });
  return page;
}

/** Only the count, for the rail; an old one stays where it can't be read. */
export async function refreshUnseen() {
  if (may('staff_list_notices')) await readNotices({}, null, 1).catch(() => {});
}

/** One notice with what it is about; whoever may answer it has thereby looked at it. */
export async function openNotice(id) {
  if (!may('staff_see_notice')) return api.get(`staff/notices/${id}`);
  const notice = await api.post(`staff/notices/${id}/seen`);
  refreshUnseen();
  return notice;
}

export function answerNotice(id, note) {
  return api.post(`staff/notices/${id}/answer`, { note });
}
