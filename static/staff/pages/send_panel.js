/** Beside an editor: what the change would do, when it starts, why it is made, and the button that sends it. */
import { html } from '../../shared/js/view.js';
import { Button, Icon } from '../../shared/js/components.js';
import { count } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { Trouble } from '../../shared/js/acting.js';
import { changeWords } from './change_words.js';
import { troubleWords } from './field_troubles.js';
import { Preview } from './preview.js';
import { Reason } from './reason.js';
import { StartChoice } from './start_choice.js';

/** What the server can't accept; each field says it too, but not every field stands on the page. */
function Refusals({ edit, error, context }) {
  const fields = Object.entries(edit.refused);
  if (fields.length === 0) return html`<${Trouble} text=${error.detail || t('act.offline')} />`;
  const nameOf = (field) => [changeWords({ field: field.replace(/\[(\d+)\]/, '.$1') }, context)].map(({ place, label }) => [place, label].filter(Boolean).join(' · '))[0];
  return fields.map(([field, trouble]) => html`<${Trouble} key=${field} text=${field === 'document' ? troubleWords(trouble) : `${nameOf(field)}: ${troubleWords(trouble)}`} />`);
}

function State({ preview, edit, wrong, context }) {
  if (!edit.unsaved) return html`<p class="quiet">${t('preview.nothing_yet')}</p>`;
  if (wrong > 0) return html`<p class="field-error" role="status"><${Icon} name="alert-triangle" small />${t('preview.wrong', { count: count(wrong) })}</p>`;
  if (preview.error) return html`<${Refusals} edit=${edit} error=${preview.error} context=${context} />`;
  if (!preview.value) return html`<p class="quiet with-icon" role="status"><span class="spinner spinner-small" aria-hidden="true"></span>${t('preview.asking')}</p>`;
  return null;
}

/** `sending` is what `useSending` answers; `word` names the act that needs nobody else. */
export function SendPanel({ edit, sending, context, word, onSend }) {
  const { preview } = sending;
  const wrong = Object.keys(edit.troubles).length;
  const two = preview.value?.second_person;
  return html`<aside class="send-panel card stack" aria-label=${t('preview.title')}>
    <section class="stack-tight" aria-live="polite" aria-busy=${preview.busy}><h2>${t('preview.title')}</h2>
      <${State} preview=${preview} edit=${edit} wrong=${wrong} context=${context} />
      ${wrong === 0 && edit.unsaved && preview.value && html`<${Preview} preview=${preview.value} context=${context} />`}</section>
    <${StartChoice} value=${sending.start} onChange=${sending.setStart} secondPerson=${two} refused=${edit.refused.starts_at} />
    <${Reason} value=${sending.reason} onInput=${sending.setReason} error=${sending.reasonError} />
    <${Trouble} text=${sending.trouble} />
    <${Button} kind="main" wide icon=${two ? 'users' : 'check'} busy=${sending.busy} disabled=${!edit.unsaved} onClick=${onSend}>${t(two === undefined ? 'ask.submit' : two ? 'ask.send' : word)}<//>
    <p class="legal">${t('ask.keys')}</p>
  </aside>`;
}
