/** When a change starts: soon, next Monday, or a moment of one's own; all in the island's time. */
import { html } from '../../shared/js/view.js';
import { Field, Segments } from '../../shared/js/components.js';
import { hasWords, t } from '../../shared/js/i18n.js';
import { fieldText, islandMoment, START_KINDS, startOf } from '../models/starts.js';
import { fullMoment } from './moments.js';

/** What is sent for a choice: nothing where the server may start at once by itself. */
export function startMoment(start, secondPerson) {
  if (start.kind === 'soon' && !secondPerson) return null;
  return islandMoment(startOf(start, Date.now()));
}

/** `value` is {kind, moment}; `refused` what the server said of it. */
export function StartChoice({ value, onChange, secondPerson, refused }) {
  const now = Date.now();
  const start = startOf(value, now);
  const choose = (kind) => onChange({ kind, moment: kind === 'moment' && !value.moment ? fieldText(startOf({ kind: 'monday' }, now)) : value.moment });
  const said = refused && (hasWords(`refused.${refused.reason}`) ? t(`refused.${refused.reason}`) : refused.sentence);
  const past = value.kind === 'moment' && (start === null ? t('start.none') : start <= now ? t('start.past') : '');
  return html`<div class="start-choice stack-tight">
    <${Segments} label=${t('start.title')} name="start" value=${value.kind} onChange=${choose}
      options=${START_KINDS.map((kind) => ({ value: kind, label: t(kind === 'soon' && !secondPerson ? 'start.now' : `start.${kind}`) }))} />
    ${value.kind === 'moment' && html`<${Field} label=${t('start.moment.label')} type="datetime-local" value=${value.moment} error=${past || said}
      min=${fieldText(now)} onInput=${(event) => onChange({ kind: 'moment', moment: event.target.value })} />`}
    ${value.kind !== 'moment' && said && html`<p class="field-error" role="alert">${said}</p>`}
    <p class="small start-shown">${start === null ? '' : value.kind === 'soon' ? t(secondPerson ? 'start.soon.note' : 'start.now.note') : t('start.shown', { moment: fullMoment(start) })}</p>
  </div>`;
}
