/** A list that is read page by page: while it loads, when it fails, and more of it. */
import { useEffect, useRef, useState } from '../../shared/js/view.js';

/**
 * `read(cursor)` answers {data, next}. Answers {state: loading | ready | failed, rows, next, error, again, more, busy}.
 * It is read anew when `inputs` change, after `pause` milliseconds; an answer that comes too late is dropped.
 */
export function usePaged(read, inputs = [], pause = 0) {
  const [shown, setShown] = useState({ state: 'loading', rows: [], next: null, error: null, busy: false });
  const turn = useRef(0);
  const load = async (cursor) => {
    const mine = (turn.current += 1);
    setShown((before) => ({ ...before, busy: true }));
    try {
      const page = await read(cursor);
      if (mine !== turn.current) return;
      setShown((before) => ({ state: 'ready', rows: cursor ? [...before.rows, ...page.data] : page.data, next: page.next, error: null, busy: false }));
    } catch (error) {
      if (mine !== turn.current) return;
      setShown((before) => ({ ...before, state: before.rows.length > 0 ? 'ready' : 'failed', error, busy: false }));
    }
  };
  useEffect(() => {
    const timer = setTimeout(load, pause);
    return () => { clearTimeout(timer); turn.current += 1; };
  }, inputs);
  return { ...shown, again: () => load(), more: () => load(shown.next) };
}
