/** Member accounts of one's own and of one's family: declared once, so that somebody else corrects them. */
import { html, useState } from '../../shared/js/view.js';
import { Button, Field, toast } from '../../shared/js/components.js';
import { t } from '../../shared/js/i18n.js';
import { Trouble, useAct } from '../../shared/js/acting.js';
import { declareInterest } from '../models/account.js';

const MEMBER_ID = /^[0-9a-f]{16}$/;

export function Interests({ onDeclared }) {
  const [text, setText] = useState('');
  const { busy, trouble, error, run } = useAct();
  const id = text.trim().toLowerCase();
  const odd = id !== '' && !MEMBER_ID.test(id);
  const send = async (event) => {
    event.preventDefault();
    if (odd || !(await run(() => declareInterest(id)))) return;
    toast(t('interests.done'));
    setText('');
    onDeclared();
  };
  return html`<form class="stack" onSubmit=${send}>
    <${Field} label=${t('interests.member')} note=${t('interests.member.note')} value=${text} required maxlength="20" autocomplete="off" autocapitalize="none" spellcheck=${false}
      error=${odd ? t('interests.odd') : ''} onInput=${(event) => setText(event.target.value)} />
    <p class="small quiet">${t('interests.stays')}</p>
    <${Trouble} text=${error?.code === 'not_found' ? t('interests.unknown') : trouble} /><${Button} kind="main" type="submit" busy=${busy} disabled=${!id || odd}>${t('interests.declare')}<//></form>`;
}

/** The ids that were declared. */
export function InterestList({ members }) {
  return members.length > 0 && html`<ul class="interests">${members.map((id) => html`<li key=${id}><code>${id}</code></li>`)}</ul>`;
}
