/** A list that is read a page at a time. */
import { useEffect, useRef, useState } from '../../shared/js/view.js';

/**
 * The pages read so far; reads the first one anew whenever `inputs` change.
 * @param {(cursor: string|null) => Promise<{data: object[], next: string|null}>} load
 * @returns {{state: 'loading'|'ready'|'failed', rows: object[], next: string|null, error?: Error, more: () => void, put: (rows: object[]) => void}}
 *   `more` reads the next page, or the failed one again; `put` puts rows that came in on top, or in place of what they were.
 */
export function usePages(load, inputs = []) {
  const [read, setRead] = useState({ state: 'loading', rows: [], next: null });
  const turn = useRef(0);
  const page = async (cursor, before) => {
    const mine = (turn.current += 1);
    setRead({ state: 'loading', rows: before, next: cursor });
    const done = await load(cursor).then(
      ({ data, next }) => ({ state: 'ready', rows: together(before, data), next }),
      (error) => ({ state: 'failed', rows: before, next: cursor, error }),
    );
    if (mine === turn.current) setRead(done);   // an answer that was overtaken is of no interest
  };
  useEffect(() => { page(null, []); return () => { turn.current += 1; }; }, inputs);
  return {
    ...read,
    more: () => page(read.next, read.rows),
    put: (fresh) => setRead((before) => ({ ...before, rows: together(fresh, before.rows) })),
  };
}

/** Each row once, by its id. */
function together(first, then) {
  const known = new Set(first.map(({ id }) => id));
  return [...first, ...then.filter(({ id }) => !known.has(id))];
}
