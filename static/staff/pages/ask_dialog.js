/** A change that needs no editor: pause, resume, go back to a version. Shows what it would do, asks when and why. */
import { html, useLoaded, useState } from '../../shared/js/view.js';
import { Button, Dialog, Loading, toast } from '../../shared/js/components.js';
import { t } from '../../shared/js/i18n.js';
import { Trouble, useAct } from '../../shared/js/acting.js';
import { startOf, usualStart } from '../models/starts.js';
import { askVersion, previewVersion, refusedFields } from '../models/versions.js';
import { refreshWaiting } from '../models/waiting.js';
import { troubleWords } from './field_troubles.js';
import { Preview } from './preview.js';
import { Reason } from './reason.js';
import { startMoment, StartChoice } from './start_choice.js';

/** Why there is nothing to preview: a version waits, nothing would change, no signal. */
function Unread({ error }) {
  const { document, back_to: back } = refusedFields(error);
  return html`<${Trouble} text=${troubleWords(document ?? back) || error.detail || t('act.offline')} />`;
}

/** `change` is {document} or {back_to}; `word` names the act on its button. */
export function AskDialog({ subject, title, word, icon, change, onClose, onDone }) {
  const [reason, setReason] = useState('');
  const [chosen, setStart] = useState(null);
  const { busy, trouble, error, run } = useAct();
  const { value: preview, error: unread } = useLoaded(() => previewVersion(subject.path, change));
  const start = chosen ?? usualStart(preview?.second_person);
  const ready = preview && reason.trim() && startOf(start, Date.now()) !== null;
  const ask = async () => {
    const made = await run(() => askVersion(subject.path, { ...change, starts_at: startMoment(start, preview.second_person), reason: reason.trim() }));
    if (!made) return;
    toast(t(made.state === 'asked' ? 'ask.asked' : 'ask.done'));
    refreshWaiting();
    onClose();
    onDone();
  };
  return html`<${Dialog} look="dialog dialog-wide" open title=${title} onClose=${onClose} actions=${html`
    <${Trouble} text=${trouble} /><div class="row">
      <${Button} kind="main" icon=${icon} busy=${busy} disabled=${!ready} onClick=${ask}>${preview?.second_person ? t('ask.send') : word}<//>
      <${Button} kind="plain" onClick=${onClose}>${t('action.cancel')}<//></div>`}>
    ${!preview && (unread ? html`<${Unread} error=${unread} />` : html`<${Loading} />`)}
    ${preview && html`<${Preview} preview=${preview} context=${subject.context} />
      <${StartChoice} value=${start} onChange=${setStart} secondPerson=${preview.second_person} refused=${refusedFields(error ?? {}).starts_at} />
      <${Reason} value=${reason} onInput=${setReason} />`}
  <//>`;
}
