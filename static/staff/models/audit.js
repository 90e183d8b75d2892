/** The audit trail, newest first, page by page. */
import { api } from './session.js';

const PAGE = 50;
const PAGE_LONGEST = 100;
/** So many lines go into one file; who needs more narrows the search. */
export const EXPORTED_MOST = 2000;

/** One page: {data: [{id, at, actor, actor_name, act, object, object_name, detail}], next}. */
export function readAudit(words, act, cursor, limit = PAGE) {
  const query = new URLSearchParams({ limit: String(limit) });
  if (words.trim()) query.set('search', words.trim());
  if (act) query.set('act', act);
  if (cursor) query.set('cursor', cursor);
  return api.get(`staff/audit?${query}`);
}

/** What the line is about, null when that is the actor or one of the actor's own sessions. */
export function thingOf(line) {
  const own = line.object === line.actor || line.object.startsWith('session:') || line.object === line.actor.replace('staff:', 'person:');
  return own ? null : line.object_name ?? line.object;
}

/** Every line that is found, as rows of a table: the heads, then the newest first. */
export async function auditRows(words, act, actName) {
  const rows = [['at', 'actor', 'actor_name', 'act', 'act_name', 'object', 'object_name', 'detail']];
  let cursor = null;
  do {
    const page = await readAudit(words, act, cursor, PAGE_LONGEST);
    rows.push(...page.data.map((line) => [
      line.at, line.actor, line.actor_name, line.act, actName(line.act), line.object, line.object_name, JSON.stringify(line.detail),
    ]));
    cursor = page.next;
  } while (cursor && rows.length <= EXPORTED_MOST);
  return rows;
}
