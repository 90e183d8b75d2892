/** What staff make of a kiosk: each deed says what follows from it and asks why. */
import { html, useState } from '../../shared/js/view.js';
import { Button, Dialog, Field, toast } from '../../shared/js/components.js';
import { t } from '../../shared/js/i18n.js';
import { Trouble, useAct } from '../../shared/js/acting.js';
import { changeKiosk, deedsFor } from '../models/kiosks.js';
import { may } from '../models/session.js';
import { fieldText } from '../models/starts.js';
import { refreshWaiting } from '../models/waiting.js';
import { Reason } from './reason.js';

const HARD = ['suspend', 'lose', 'retire', 'invitation/end'];

/** Since when it is lost, in the island's time. */
function Since({ value, onInput }) {
  return html`<${Field} label=${t('kiosk.lose.since')} note=${t('kiosk.lose.since.note')} type="datetime-local" value=${value} max=${fieldText(Date.now())} required
    onInput=${(event) => onInput(event.target.value)} />`;
}

function sinceMoment(text) {
  return Date.parse(`${text}:00+08:00`) > 0 ? `${text}:00+08:00` : null;
}

export function KioskDeedDialog({ deed, kiosk, onClose, onDone }) {
  const [reason, setReason] = useState('');
  const [since, setSince] = useState(fieldText(Date.now()));
  const { busy, trouble, run } = useAct();
  const word = `kiosk.${deed.replace('/', '_')}`;
  const losing = deed === 'lose';
  const ready = reason.trim() && (!losing || sinceMoment(since));
  const act = async () => {
    if (!(await run(() => changeKiosk(kiosk.id, deed, reason.trim(), losing ? sinceMoment(since) : null)))) return;
    toast(t(`${word}.done`));
    refreshWaiting();
    onClose();
    onDone();
  };
  return html`<${Dialog} look="dialog dialog-wide" open title=${t(`${word}.title`, { name: kiosk.venue })} onClose=${onClose} actions=${html`<${Trouble} text=${trouble} /><div class="row">
      <${Button} kind=${HARD.includes(deed) ? 'danger-full' : 'main'} busy=${busy} disabled=${!ready} onClick=${act}>${t(word)}<//>
      <${Button} kind="plain" onClick=${onClose}>${t('action.cancel')}<//></div>`}>
    <p>${t(`${word}.text`)}</p>
    ${losing && html`<${Since} value=${since} onInput=${setSince} />`}
    <${Reason} value=${reason} onInput=${setReason} focused />
  <//>`;
}

/** The buttons of what this person may do with the kiosk as it is. */
export function KioskDeeds({ found, onDeed }) {
  const deeds = deedsFor(found).filter(({ operation }) => may(operation));
  if (deeds.length === 0) return null;
  return html`<div class="kiosk-deeds" role="group" aria-label=${t('kiosk.deeds')}>${deeds.map(({ deed, icon, kind }) => html`
    <${Button} key=${deed} kind=${kind} icon=${icon} onClick=${() => onDeed(deed)}>${t(`kiosk.${deed}`)}<//>`)}</div>`;
}
