/** One card: whose it is, until when it counts, printing it again, and the end of a lost one. */
import { html, useState } from '../../shared/js/view.js';
import { Button, Icon, toast } from '../../shared/js/components.js';
import { day, dayTime } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { to } from '../../shared/js/router.js';
import { Trouble, useAct } from '../../shared/js/acting.js';
import { revokeCard } from '../models/cards.js';
import { may } from '../models/session.js';
import { CardBadge, cardNumber, downloadSheets } from './card_words.js';
import { Drawer, Facts } from './drawer.js';
import { memberName } from './member_words.js';
import { Reason } from './reason.js';

function Revoke({ card, onDone }) {
  const [asked, setAsked] = useState(false);
  const [reason, setReason] = useState('');
  const { busy, trouble, run } = useAct();
  const revoke = async () => {
    if (!(await run(() => revokeCard(card.id, reason.trim())))) return;
    toast(t('card.is_revoked'));
    onDone();
  };
  if (!asked) return html`<${Button} kind="line" wide icon="ban" onClick=${() => setAsked(true)}>${t('card.revoke')}<//>`;
  return html`<div class="asked stack-tight"><p>${t('card.revoke.question')}</p>
    <${Reason} value=${reason} onInput=${setReason} focused note=${t('card.revoke.note')} /><${Trouble} text=${trouble} />
    <div class="asked-answers"><${Button} kind="danger" busy=${busy} disabled=${reason.trim().length < 3} onClick=${revoke}>${t('card.revoke')}<//>
      <${Button} kind="plain" onClick=${() => setAsked(false)}>${t('action.cancel')}<//></div></div>`;
}

function Print({ card }) {
  const { busy, trouble, run } = useAct();
  return html`<${Button} kind="main" wide icon="printer" busy=${busy} onClick=${() => run(() => downloadSheets([card.id]))}>${t('card.print')}<//>
    <${Trouble} text=${trouble} />`;
}

export function CardDrawer({ card, onChanged, onClose }) {
  const { member } = card;
  return html`<${Drawer} title=${memberName(member)} onClose=${onClose}>
    <header class="drawer-head"><span class="cell-lead"><${Icon} name="id" /></span>
      <div><p class="small quiet">${cardNumber(card)}</p><h2>${memberName(member)}</h2></div></header>
    <p><${CardBadge} state=${card.state} /></p>
    <${Facts} facts=${[
      [t('column.member'), html`<a href=${to('members', member.id)}>${memberName(member)}</a>`],
      [t('column.until'), day(Date.parse(card.valid_until) - 1000)],
      [t('card.made'), t('card.by', { time: dayTime(card.created_at), name: card.created_by })],
      [t('card.ended'), card.revoked_at && t('card.by', { time: dayTime(card.revoked_at), name: card.revoked_by ?? '–' })],
      [t('card.number'), html`<small>${card.id}</small>`],
    ]} />
    ${card.state === 'valid' && may('staff_print_card_sheets') && html`<${Print} card=${card} />`}
    ${card.state === 'valid' && may('staff_revoke_card') && html`<${Revoke} card=${card} onDone=${() => { onChanged(); onClose(); }} />`}
  <//>`;
}
