/** Small fields of an editor: a number with its unit, one of several, several of several, yes or no. */
import { html, useRef } from '../../shared/js/view.js';
import { Field, Icon } from '../../shared/js/components.js';

let count = 0;
const freshName = () => `entry-${(count += 1)}`;

/** A number and what it counts. */
export function Amount({ edit, field, label, unit, note }) {
  const id = useRef(freshName()).current;
  const { value, error, onInput } = edit.bind(field);
  return html`<${Field} id=${id} label=${label} error=${error} note=${note}>
    <span class="amount"><input id=${id} inputmode="decimal" autocomplete="off" data-field=${field} aria-invalid=${Boolean(error)}
      aria-describedby=${[error && `${id}-error`, unit && `${id}-unit`].filter(Boolean).join(' ') || null} value=${value} onInput=${onInput} />
      ${unit && html`<span class="quiet" id=${`${id}-unit`}>${unit}</span>`}</span><//>`;
}

/** One of `options` ([value, word]). */
export function Select({ label, options, value, onChange, error, note, field }) {
  const id = useRef(freshName()).current;
  return html`<${Field} id=${id} label=${label} error=${error} note=${note}>
    <select id=${id} data-field=${field} aria-invalid=${Boolean(error)} value=${value} onChange=${(event) => onChange(event.target.value)}>
      ${options.map(([each, word]) => html`<option key=${each} value=${each} selected=${each === value}>${word}</option>`)}
    </select><//>`;
}

/** Several of `options` ([value, word]); `value` is a list. */
export function Ticks({ label, options, value, onChange, error, field }) {
  const turn = (each) => onChange(value.includes(each) ? value.filter((one) => one !== each) : [...value, each]);
  return html`<fieldset class="ticks" data-field=${field} tabindex="-1"><legend>${label}</legend>
    ${options.map(([each, word]) => html`<label class="choice" key=${each}><input type="checkbox" checked=${value.includes(each)} onChange=${() => turn(each)} /><span>${word}</span></label>`)}
    ${error && html`<p class="field-error" role="alert"><${Icon} name="alert-triangle" small />${error}</p>`}
  </fieldset>`;
}

/** Yes or no, with what yes means. */
export function Tick({ label, note, value, onChange }) {
  return html`<label class="choice"><input type="checkbox" checked=${value} onChange=${() => onChange(!value)} />
    <span><b>${label}</b>${note && html`<small class="quiet">${note}</small>`}</span></label>`;
}
