/** Taking an act back: says exactly what it will do, and asks for the reason that the member will read. */
import { html, useState } from '../../shared/js/view.js';
import { Button, Dialog, Icon, toast } from '../../shared/js/components.js';
import { count, dayTime, grams } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { Trouble, useAct } from '../../shared/js/acting.js';
import { balanceAfter, takeBack } from '../models/members.js';
import { Effect } from './effect.js';
import { memberName, troubleOfOnce } from './member_words.js';
import { Reason } from './reason.js';

const REASON_SHORTEST = 3;

function Consequences({ activity, member }) {
  const { short } = balanceAfter(-activity.points, member.balance);
  const lines = [
    ['award', t(activity.reduction_grams > 0 ? 'take_back.points' : 'take_back.points_only', { points: count(activity.points), grams: grams(activity.reduction_grams) })],
    short > 0 && ['building-store', t('take_back.shop')],
    ['qrcode', t('take_back.code')],
    ['alert-triangle', t('take_back.final')],
  ].filter(Boolean);
  return html`<ul class="consequences">${lines.map(([icon, text]) => html`<li key=${icon}><${Icon} name=${icon} small /><span>${text}</span></li>`)}</ul>`;
}

export function TakeBackDialog({ activity, member, onClose, onDone }) {
  const [reason, setReason] = useState('');
  const { busy, trouble, error, run } = useAct();
  const send = async () => {
    if (!(await run(() => takeBack(activity.id, reason.trim())))) {
      onDone();
      return;
    }
    toast(t('take_back.done'), 'arrow-back-up');
    onClose();
    onDone();
  };
  return html`<${Dialog} look="dialog dialog-wide" open title=${t('take_back.title', { name: activity.name })} onClose=${busy ? undefined : onClose} actions=${html`
    <${Trouble} text=${troubleOfOnce({ trouble, error })} /><div class="row">
      <${Button} kind="danger-full" icon="arrow-back-up" busy=${busy} disabled=${reason.trim().length < REASON_SHORTEST} onClick=${send}>${t('take_back.send', { points: count(activity.points) })}<//>
      <${Button} kind="plain" disabled=${busy} onClick=${onClose}>${t('action.cancel')}<//></div>`}>
    <p>${memberName(member)} · ${dayTime(activity.occurred_at)}${activity.place && ` · ${activity.place}`}</p>
    <${Consequences} activity=${activity} member=${member} />
    <${Effect} points=${-activity.points} balance=${member.balance} />
    <${Reason} label=${t('take_back.reason')} note=${t('take_back.reason.note')} value=${reason} onInput=${setReason} />
  <//>`;
}
