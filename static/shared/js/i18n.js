/**
 * Words in the reader's language. A page names a key, never a sentence; both catalogues hold the same keys
 * (static/shared/locales/{zh,en}/shared.json and one file for each app).
 *
 * In a text, {name} is replaced by a value and {name:point|points} by the first form for 1, else the second.
 */
import { createStore } from './view.js';
import { preferences, setPreference } from './preferences.js';

const catalogues = {};
let apps = ['shared'];

/** Changes when the words on the page have to be drawn again; `useStore(words)` in an app's root. */
export const words = createStore({ language: null });

/**
 * Where these words are: under the name that the page's import map gives them, in an old browser under their own. Several
 * catalogues may have one name: then they come together.
 */
function addressOf(language, app) {
  const name = `../locales/${language}/${app}.json`;
  return import.meta.resolve?.(name) ?? new URL(name, import.meta.url).href;
}

async function load(language) {
  const files = [...new Set(apps.map((app) => addressOf(language, app)))].map(async (address) => {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`no words: ${address}`);
    return answer.json();
  });
  catalogues[language] = Object.assign({}, ...(await Promise.all(files)));
}

/** Load the words of these apps ('shared' is always there) in the chosen language, before the first draw. */
export async function startWords(...names) {
  apps = ['shared', ...names];
  await load(language());
  words.set({ language: language() });
}

/** The chosen language: 'zh' or 'en'. */
export function language() {
  return preferences.get().language;
}

/** Change the language; the page is drawn again when its words are here. */
export async function setLanguage(next) {
  if (!catalogues[next]) await load(next);
  setPreference('language', next);
  words.set({ language: next });
}

function fill(text, values) {
  return text.replace(/\{(\w+)(?::([^|{}]*)\|([^|{}]*))?\}/g, (whole, name, one, other) => {
    if (!(name in values)) return whole;
    if (one === undefined) return String(values[name]);
    return String(values[name]).replaceAll(',', '') === '1' ? one : other;
  });
}

/** What follows this beginning in the keys of our words: keysBelow('role.') names every role that has a name. */
export function keysBelow(beginning) {
  const keys = Object.keys(catalogues[language()] ?? {});
  return keys.filter((key) => key.startsWith(beginning)).map((key) => key.slice(beginning.length));
}

/**
 * The sentence for a key. In Chinese large text, whose readers are mostly elders, 你 becomes 您.
 * An unknown key is returned as it is, so that it can be seen and found.
 */
export function t(key, values = {}) {
  const { language: chosen, text } = preferences.get();
  const found = catalogues[chosen]?.[key] ?? key;
  return fill(chosen === 'zh' && text > 0 ? found.replaceAll('你', '您') : found, values);
}

/** True when the catalogue has this key: for texts that exist for some codes only. */
export function hasWords(key) {
  return Boolean(catalogues[language()]?.[key]);
}

/** A text of the kiosk's kind, {zh, en}, in the chosen language. */
export function inLanguage(text) {
  return text?.[language()] ?? text?.zh ?? '';
}
