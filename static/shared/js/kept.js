/**
 * What this device keeps between visits: JSON by name, under one prefix. A browser that keeps nothing
 * (private window, full disk) works as long as the page is open.
 */
const PREFIX = 'tanyu.';
const passing = new Map();

/** The kept value, or `otherwise`. */
export function keptValue(name, otherwise = null) {
  if (passing.has(name)) return passing.get(name);
  try {
    const text = localStorage.getItem(PREFIX + name);
    return text === null ? otherwise : JSON.parse(text);
  } catch {
    return otherwise;
  }
}

/** Keep a JSON value; answers whether it will survive the closing of the page. */
export function keep(name, value) {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value));
    passing.delete(name);
    return true;
  } catch {
    passing.set(name, value);
    return false;
  }
}

/** The names kept that begin with this. */
export function keptNames(prefix) {
  const names = [...passing.keys()];
  try {
    names.push(...Object.keys(localStorage).filter((each) => each.startsWith(PREFIX)).map((each) => each.slice(PREFIX.length)));
  } catch {
    // A browser that keeps nothing has what this page holds.
  }
  return [...new Set(names)].filter((name) => name.startsWith(prefix));
}

/** Tell `reader` when another tab of this browser changes a name that begins with this. */
export function whenOtherTabsKeep(prefix, reader) {
  addEventListener('storage', ({ key }) => (key === null || key.startsWith(PREFIX + prefix)) && reader());
}

/** Forget one name, or with `prefix` all names that begin with it. */
export function forget(name, { prefix = false } = {}) {
  const gone = (each) => (prefix ? each.startsWith(name) : each === name);
  for (const each of [...passing.keys()].filter(gone)) passing.delete(each);
  try {
    const names = Object.keys(localStorage).filter((each) => each.startsWith(PREFIX));
    for (const each of names) if (gone(each.slice(PREFIX.length))) localStorage.removeItem(each);
  } catch {
    // Nothing could be kept, so nothing is left.
  }
}
