/** The audit trail, newest first, page by page. */
import { api } from './session.js';

const PAGE = 50;

/** One page: {data: [{id, at, actor, actor_name, act, object, object_name, detail}], next}. */
export function readAudit(words, cursor) {
  const query = new URLSearchParams({ limit: String(PAGE) });
  if (words.trim()) query.set('search', words.trim());
  if (cursor) query.set('cursor', cursor);
  return api.get(`staff/audit?${query}`);
}

/** What the line is about, null when that is the actor or one of the actor's own sessions. */
export function thingOf(line) {
  const own = line.object === line.actor || line.object.startsWith('session:') || line.object === line.actor.replace('staff:', 'person:');
  return own ? null : line.object_name ?? line.object;
}
