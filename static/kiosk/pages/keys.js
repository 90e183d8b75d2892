/** Keys on the screen for a room, a name or a PIN: the kiosk has no keyboard, and no field that would ask for one. */
import { html } from '../../shared/js/view.js';
import { t } from '../../shared/js/i18n.js';
import { Icon } from '../../shared/js/components.js';

const DIGITS = ['123', '456', '789', '0'];
const LETTERS = ['1234567890', 'QWERTYUIOP', 'ASDFGHJKL', 'ZXCVBNM-'];
const ROOMS = ['123A', '456B', '789C', 'D0-'];   // as doors are numbered
const ROWS = { digits: DIGITS, letters: LETTERS, rooms: ROOMS };

/** What was typed so far; a secret shows its length only. */
export function Typed({ value, label, secret = false }) {
  return html`<output class="typed" aria-label=${label} aria-live="polite">${secret ? '●'.repeat(value.length) : value || ' '}</output>`;
}

export function Keys({ value, onChange, max, kind = 'digits' }) {
  const type = (key) => value.length < max && onChange(value + key);
  const rows = ROWS[kind];
  return html`
    <div class=${`keys keys-${kind}`} role="group" aria-label=${t('kiosk.keys')}>
      ${rows.map((row, place) => html`
        <div class="keys-row" key=${row}>
          ${[...row].map((key) => html`<button type="button" key=${key} onClick=${() => type(key)}>${key}</button>`)}
          ${place === rows.length - 1 && html`
            <button type="button" class="keys-back" disabled=${value === ''} onClick=${() => onChange(value.slice(0, -1))} aria-label=${t('kiosk.keys_back')}><${Icon} name="arrow-back-up" /></button>`}
        </div>`)}
    </div>`;
}
