/**
 * What the person before chose for the eyes: gone with that person. The next one finds Chinese, normal text
 * and the day colours (a kiosk is never black).
 */
import { setLanguage } from '../../shared/js/i18n.js';
import { preferences, setPreference } from '../../shared/js/preferences.js';

const TEXT_SIZES = 3;
const EACH_GUEST_FINDS = { language: 'zh', theme: 'light', text: 0 };

/** What a guest finds, before the words are loaded. */
export function prepareForGuest() {
  for (const [name, value] of Object.entries(EACH_GUEST_FINDS)) setPreference(name, value);
}

/** The guest has gone: nothing of the choices stays. */
export function forgetGuest() {
  setPreference('text', EACH_GUEST_FINDS.text);
  return setLanguage(EACH_GUEST_FINDS.language);
}

/** The other language. */
export function switchLanguage() {
  return setLanguage(preferences.get().language === 'zh' ? 'en' : 'zh');
}

/** The next size of text; after the largest the normal one. */
export function enlargeText() {
  setPreference('text', (preferences.get().text + 1) % TEXT_SIZES);
}
