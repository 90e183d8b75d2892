/** What kiosks sent, item by item, with what became of it. */
import { api } from './session.js';

const PAGE = 50;
const PAGE_LONGEST = 100;
/** So many items go into one file; who needs more narrows the list. */
export const EXPORTED_MOST = 2000;
export const RESULTS = ['credited', 'pending', 'refused'];

/** One page: {data, next}. `filters` are {kiosk, boot, result, day}; empty ones are left out. */
export function readJournal(filters = {}, cursor = null, limit = PAGE) {
  const query = new URLSearchParams({ limit: String(limit) });
  for (const [name, value] of Object.entries(filters)) if (value) query.set(name, value);
  if (cursor) query.set('cursor', cursor);
  return api.get(`staff/journal?${query}`);
}

export function readItem(id) {
  return api.get(`staff/journal/${id}`);
}

/** A start of a kiosk has 16 digits; anything else finds nothing and is not asked for. */
export function isBoot(text) {
  return /^[0-9a-f]{16}$/.test(text);
}

/** {word: credited | noted | pending | duplicate | refused, code: why it was refused}; what only had to be kept is noted. */
export function resultOf(kind, result) {
  const [word, code = ''] = result.split(':');
  return { word: word === 'credited' && kind !== 'read' ? 'noted' : word, code };
}

/** Every item that is found, as rows of a table: the heads, then one row for each line of an item. */
export async function journalRows(filters, sceneName) {
  const rows = [['received_at', 'kiosk', 'kiosk_name', 'boot', 'seq', 'kind', 'claimed_at', 'corrected_at', 'result', 'clerk', 'scene', 'scene_name', 'variant', 'quantity', 'line_result', 'hash']];
  let cursor = null;
  do {
    const page = await readJournal(filters, cursor, PAGE_LONGEST);
    for (const item of page.data) {
      const whole = [item.received_at, item.kiosk.id, item.kiosk.name, item.boot, item.seq, item.kind, item.claimed_at, item.corrected_at, item.result, item.clerk];
      const lines = item.lines.length > 0 ? item.lines : [null];
      rows.push(...lines.map((line) => [...whole, line?.scene, line && sceneName(line.scene), line?.variant, line?.quantity, line?.result, item.hash]));
    }
    cursor = page.next;
  } while (cursor && rows.length <= EXPORTED_MOST);
  return rows;
}
