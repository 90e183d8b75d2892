/** Asking for points by hand: how many, why, what it would do, and who decides. */
import { html, useState } from '../../shared/js/view.js';
import { Button, Dialog, Field, Icon, Segments, toast } from '../../shared/js/components.js';
import { count } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { Trouble, useAct } from '../../shared/js/acting.js';
import { askAdjustment } from '../models/adjustments.js';
import { refreshWaiting } from '../models/waiting.js';
import { Effect } from './effect.js';
import { memberName, troubleOfOnce } from './member_words.js';
import { Reason } from './reason.js';

const REASON_SHORTEST = 3;

/** The whole number above 0 that was typed, else null. */
function amountOf(text) {
  return /^[1-9]\d{0,6}$/.test(text.trim()) ? Number(text) : null;
}

export function AskAdjustment({ member, onClose, onDone }) {
  const [way, setWay] = useState('add');
  const [text, setText] = useState('');
  const [reason, setReason] = useState('');
  const { busy, trouble, error, run } = useAct();
  const amount = amountOf(text);
  const points = way === 'add' ? amount : -amount;
  const send = async () => {
    const made = await run(() => askAdjustment(member.id, points, reason.trim()));
    if (!made) return;
    toast(t('adjust.asked'), 'hourglass');
    refreshWaiting();
    onClose();
    onDone();
  };
  return html`<${Dialog} look="dialog dialog-wide" open title=${t('adjust.title', { name: memberName(member) })} onClose=${busy ? undefined : onClose} actions=${html`
    <${Trouble} text=${troubleOfOnce({ trouble, error })} /><div class="row">
      <${Button} kind="main" icon="clipboard-check" busy=${busy} disabled=${!amount || reason.trim().length < REASON_SHORTEST} onClick=${send}>${t('adjust.send')}<//>
      <${Button} kind="plain" disabled=${busy} onClick=${onClose}>${t('action.cancel')}<//></div>`}>
    <div class="adjust-amount">
      <${Segments} label=${t('adjust.way')} name="way" value=${way} onChange=${setWay}
        options=${[{ value: 'add', label: t('adjust.add'), icon: 'plus' }, { value: 'take', label: t('adjust.take'), icon: 'minus' }]} />
      <${Field} label=${t('column.points')} inputmode="numeric" autocomplete="off" maxlength="7" value=${text}
        error=${text.trim() && !amount ? t('adjust.whole') : ''} onInput=${(event) => setText(event.target.value)} />
    </div>
    ${amount ? html`<${Effect} points=${points} balance=${member.balance} />` : html`<p class="quiet small">${t('adjust.now', { points: count(member.balance.available) })}</p>`}
    <${Reason} label=${t('ask.reason')} note=${t('adjust.reason.note')} value=${reason} onInput=${setReason} />
    <p class="preview-person two"><${Icon} name="users" small /><span>${t('adjust.next')}</span></p>
  <//>`;
}
