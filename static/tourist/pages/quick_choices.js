/** Language and size of text, one touch away from the first page on. */
import { html } from '../../shared/js/view.js';
import { Icon } from '../../shared/js/components.js';
import { language, setLanguage, t } from '../../shared/js/i18n.js';
import { preferences, setPreference } from '../../shared/js/preferences.js';

export function QuickChoices() {
  const other = language() === 'zh' ? 'en' : 'zh';
  const { text } = preferences.get();
  return html`<div class="quick">
    <button type="button" class="quick-choice" lang=${other === 'zh' ? 'zh-CN' : 'en'} onClick=${() => setLanguage(other)}>
      <${Icon} name="language" small /> ${other === 'zh' ? '中文' : 'English'}
    </button>
    <button type="button" class="quick-choice" aria-label=${t('quick.text', { size: t(`preference.text.${(text + 1) % 3}`) })}
      onClick=${() => setPreference('text', (text + 1) % 3)}>
      <span aria-hidden="true" class="quick-letters">${t('quick.letters')}</span> ${t(text === 2 ? 'quick.smaller' : 'quick.larger')}
    </button>
  </div>`;
}
