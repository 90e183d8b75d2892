/**
 * Pages by the part after # ("#/scenes/ferry-arrival"), so that one file serves an app and "back" works.
 */
import { createStore } from './view.js';

/** A part of an address as it was meant; one that nobody can read stays as it is. */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function read() {
  const [path, query] = location.hash.replace(/^#\/?/, '').split('?');
  const parts = path.split('/').filter(Boolean).map(decoded);
  return { name: parts[0] || '', part: parts[1] || '', query: new URLSearchParams(query || '') };
}

/** A store of {name, part, query}: "#/vouchers/0a1b" is {name: 'vouchers', part: '0a1b'}. */
export const route = createStore(read());

// The addresses walked through in this app, so that "back" never leaves it.
const steps = [location.hash];
let replacing = false;

addEventListener('hashchange', () => {
  if (replacing) steps.pop();
  replacing = false;
  if (steps.at(-2) === location.hash) steps.pop();
  else steps.push(location.hash);
  route.set(read());
  scrollTo(0, 0);
});

/** The address of a page, for href. */
export function to(name = '', part = '') {
  return `#/${[name, part].filter(Boolean).map(encodeURIComponent).join('/')}`;
}

/** Go to a page; `replace` leaves no step behind (after a sign-in, after an exchange). */
export function go(name = '', part = '', { replace = false } = {}) {
  const address = to(name, part);
  if (address === location.hash) return;
  replacing = replace;
  if (replace) location.replace(address);
  else location.hash = address;
}

/** One step back inside the app, or to `name` when the person arrived here directly. */
export function back(name = '') {
  if (steps.length > 1) history.back();
  else go(name, '', { replace: true });
}
