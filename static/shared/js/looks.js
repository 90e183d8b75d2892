/** How the pages look: language, size of the text, light or dark. */
import { html, useStore } from './view.js';
import { Segments } from './components.js';
import { language, setLanguage, t } from './i18n.js';
import { preferences, setPreference } from './preferences.js';

export function Looks() {
  const { theme, text } = useStore(preferences);
  const named = (name, values) => values.map((value) => ({ value, label: t(`preference.${name}.${value}`) }));
  return html`<section class="card stack">
    <${Segments} label=${t('preference.language')} name="language" value=${language()} onChange=${setLanguage}
      options=${[{ value: 'zh', label: '中文', lang: 'zh-CN' }, { value: 'en', label: 'English', lang: 'en' }]} />
    <${Segments} label=${t('preference.text')} name="text" value=${text} onChange=${(value) => setPreference('text', value)} options=${named('text', [0, 1, 2])} />
    <${Segments} label=${t('preference.theme')} name="theme" value=${theme} onChange=${(value) => setPreference('theme', value)} options=${named('theme', ['auto', 'light', 'dark'])} />
  </section>`;
}
