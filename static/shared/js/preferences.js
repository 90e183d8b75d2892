/**
 * What a person chose for this device: language, theme and size of text. Kept on the device, written on
 * <html> as `lang`, `data-theme` and `data-text`, which the style sheets read.
 */
import { createStore } from './view.js';

const KEPT_AS = 'tanyu.preferences';
const CHOICES = { language: ['zh', 'en'], theme: ['auto', 'light', 'dark'], text: [0, 1, 2] };

function ownLanguage() {
  return /^zh\b/i.test(navigator.language || 'zh') ? 'zh' : 'en';
}

function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEPT_AS)) || {};
  } catch {
    return {};
  }
}

function startValues() {
  const values = { language: ownLanguage(), theme: 'auto', text: 0 };
  for (const [name, value] of Object.entries(kept())) {
    if (CHOICES[name]?.includes(value)) values[name] = value;
  }
  return values;
}

function apply({ language, theme, text }) {
  const root = document.documentElement;
  root.lang = language === 'zh' ? 'zh-CN' : 'en';
  root.dataset.theme = theme;
  root.dataset.text = String(text);
}

/** A store of {language: 'zh'|'en', theme: 'auto'|'light'|'dark', text: 0|1|2}. */
export const preferences = createStore(startValues());
apply(preferences.get());

/** Choose one value, keep it and show it at once. */
export function setPreference(name, value) {
  if (!CHOICES[name]?.includes(value)) throw new TypeError(`no such preference: ${name}=${value}`);
  preferences.set((before) => ({ ...before, [name]: value }));
  apply(preferences.get());
  try {
    localStorage.setItem(KEPT_AS, JSON.stringify(preferences.get()));
  } catch {
    // A browser that keeps nothing still shows the choice until the page is closed.
  }
}

/** Show the choices of this moment only (a kiosk after its guest has gone). */
export function forgetPreferences() {
  try {
    localStorage.removeItem(KEPT_AS);
  } catch {
    // Nothing was kept.
  }
  preferences.set(startValues());
  apply(preferences.get());
}
