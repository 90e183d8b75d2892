/** One text in both languages side by side; each says how much of its room is used. */
import { html, useRef } from '../../shared/js/view.js';
import { Field } from '../../shared/js/components.js';
import { t } from '../../shared/js/i18n.js';

const LANGUAGES = [['zh', 'zh-CN', '中文'], ['en', 'en', 'English']];
let count = 0;

/** A text in the language `lang`; `rows` makes it one of several lines. */
export function Text({ edit, field, label, lang, limit, rows }) {
  const id = useRef(`text-${(count += 1)}`).current;
  const { value, error, onInput } = edit.bind(field);
  const note = value.length > limit * 0.6 ? t('field.used', { used: value.length, limit }) : '';
  if (!rows) return html`<${Field} label=${label} lang=${lang} value=${value} error=${error} note=${note} maxlength=${limit} data-field=${field} onInput=${onInput} />`;
  return html`<${Field} id=${id} label=${label} error=${error} note=${note}>
    <textarea id=${id} lang=${lang} rows=${rows} maxlength=${limit} data-field=${field} aria-invalid=${Boolean(error)} aria-describedby=${error ? `${id}-error` : null}
      value=${value} onInput=${onInput}></textarea><//>`;
}

/** `field` without its language: "name" stands for name_zh and name_en. `rows` makes it a text of several lines. */
export function BothLanguages({ edit, field, label, limit, rows }) {
  return html`<div class="both">${LANGUAGES.map(([language, lang, own]) => html`
    <${Text} key=${language} edit=${edit} field=${`${field}_${language}`} label=${html`${label} <span class="quiet">${own}</span>`} lang=${lang} limit=${limit} rows=${rows} />`)}</div>`;
}
