/**
 * What a page draws with: escaping templates (html), hooks, and stores that redraw their readers.
 *
 * Text put into html`…` is always text, never markup; nothing here or in any page uses innerHTML.
 */
import {
  html, render, createContext, useContext, useEffect, useErrorBoundary, useLayoutEffect, useMemo, useReducer,
  useRef, useState, useCallback,
} from '../vendor/htm/preact/standalone.module.js';

export {
  html, render, createContext, useContext, useEffect, useErrorBoundary, useLayoutEffect, useMemo, useReducer,
  useRef, useState, useCallback,
};

/**
 * A value that tells its readers when it changes.
 * @returns {{get: () => any, set: (next: any) => void, subscribe: (reader: (value: any) => void) => () => void}}
 *   `set` takes the next value or a function of the one before.
 */
export function createStore(initial) {
  let value = initial;
  const readers = new Set();
  return {
    get: () => value,
    set(next) {
      value = typeof next === 'function' ? next(value) : next;
      for (const reader of [...readers]) reader(value);
    },
    subscribe(reader) {
      readers.add(reader);
      return () => readers.delete(reader);
    },
  };
}

/** Draw the component again whenever the store changes; returns the store's value. */
export function useStore(store) {
  const [, redraw] = useReducer((count) => count + 1, 0);
  useLayoutEffect(() => store.subscribe(redraw), [store]);
  return store.get();
}

/**
 * Load something when the page opens and whenever `inputs` change.
 * @param {() => Promise<any>} load
 * @returns {{state: 'loading'|'ready'|'failed', value: any, error: Error|null, again: () => void}}
 *   While it loads again the value of the last time stays, so the page does not jump.
 */
export function useLoaded(load, inputs = []) {
  const [answer, setAnswer] = useState({ state: 'loading', value: null, error: null });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let wanted = true;
    setAnswer((before) => ({ ...before, state: before.value === null ? 'loading' : 'ready', error: null }));
    load().then(
      (value) => wanted && setAnswer({ state: 'ready', value, error: null }),
      (error) => wanted && setAnswer((before) => ({
        state: before.value === null ? 'failed' : 'ready', value: before.value, error,
      })),
    );
    return () => { wanted = false; };
  }, [...inputs, turn]);
  return { ...answer, again: () => setTurn((count) => count + 1) };
}

/** Run `act` every `milliseconds` while the component is on the page and the page is seen. */
export function useEvery(milliseconds, act) {
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => {
    const timer = setInterval(() => !document.hidden && latest.current(), milliseconds);
    return () => clearInterval(timer);
  }, [milliseconds]);
}
