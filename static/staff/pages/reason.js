/** Why something is done: a sentence for those who read the history. Required wherever it stands. */
import { html, useEffect, useRef } from '../../shared/js/view.js';
import { Field } from '../../shared/js/components.js';
import { t } from '../../shared/js/i18n.js';

const REASON_MAX = 200;
let count = 0;

export function Reason({ label, note, value, onInput, error, focused = false }) {
  const box = useRef(null);
  const id = useRef(`reason-${(count += 1)}`).current;
  useEffect(() => { if (focused) box.current.focus(); }, []);
  return html`<${Field} id=${id} label=${label ?? t('ask.reason')} error=${error} note=${note ?? t('ask.reason.note')}>
    <textarea ref=${box} id=${id} rows="2" maxlength=${REASON_MAX} required value=${value} aria-invalid=${Boolean(error)}
      aria-describedby=${`${id}-note`} onInput=${(event) => onInput(event.target.value)}></textarea><//>`;
}
