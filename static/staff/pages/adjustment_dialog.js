/** One request: exactly what is decided, what it would do, and what this person can do about it. */
import { html, useLoaded, useState } from '../../shared/js/view.js';
import { Button, Dialog, Icon, toast } from '../../shared/js/components.js';
import { dayTime, signedPoints } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { to } from '../../shared/js/router.js';
import { Trouble, useAct } from '../../shared/js/acting.js';
import { approveAdjustment, deedsOn, rejectAdjustment, withdrawAdjustment } from '../models/adjustments.js';
import { readMember } from '../models/members.js';
import { refreshWaiting } from '../models/waiting.js';
import { AdjustmentBadge } from './adjustment_badge.js';
import { Facts } from './drawer.js';
import { Effect } from './effect.js';
import { memberName } from './member_words.js';
import { fullMoment } from './moments.js';
import { Reason } from './reason.js';

function Decided({ adjustment }) {
  const { state, decided_by: decider, decided_at: at, decision_reason: why } = adjustment;
  return html`<div class="stack-tight"><p><${AdjustmentBadge} state=${state} /></p>
    ${decider && html`<p class="small">${t('adjustment.decided_by', { name: decider.name, time: dayTime(at) })}</p>`}
    ${why && html`<p class="version-reason">${why}</p>`}</div>`;
}

/** Exactly what the payload is over, and the fingerprint of it. */
function Content({ adjustment }) {
  const { member, points, reason, asked_by: asker, asked_at: at, expires_at: until, payload } = adjustment;
  return html`<p class="adjustment-points figures" tabindex="-1" autofocus><b>${t('adjustment.points', { points: signedPoints(points) })}</b></p>
    <${Facts} facts=${[
      [t('column.member'), html`<a href=${to('members', member.id)}>${memberName(member)}</a> <small class="quiet">${member.id}</small>`],
      [t('decide.reason'), reason],
      [t('decide.asked_by'), `${asker.name} · ${dayTime(at)}`],
      [t('adjustment.until'), fullMoment(until)],
    ]} />
    <p class="legal">${t('decide.exactly', { payload: payload.slice(0, 12) })}</p>`;
}

function MemberNow({ adjustment }) {
  const { value } = useLoaded(() => readMember(adjustment.member.id), [adjustment.id]);
  return value && html`<${Effect} points=${adjustment.points} balance=${value.balance} />`;
}

/** Why there is nothing to press for this person. */
function NotYours({ can }) {
  return html`<p class="small quiet with-icon"><${Icon} name="users" small /><span>${t(can.own ? 'decide.own' : 'decide.other')}</span></p>`;
}

const STEPS = {
  reject: { icon: 'ban', word: 'decide.reject_now', done: 'decide.rejected' },
  withdraw: { icon: 'arrow-back-up', word: 'version.withdraw', done: 'version.is_withdrawn' },
};

export function AdjustmentDialog({ adjustment, onClose, onDone }) {
  const [step, setStep] = useState(null);
  const [reason, setReason] = useState('');
  const { busy, trouble, run } = useAct();
  const can = deedsOn(adjustment);
  const settle = async (act, word, icon) => {
    const settled = await run(act);
    refreshWaiting();
    onDone();
    if (!settled) return;
    toast(t(word), icon);
    onClose();
  };
  const turnDown = () => settle(() => (step === 'reject' ? rejectAdjustment(adjustment, reason.trim()) : withdrawAdjustment(adjustment)), STEPS[step].done, STEPS[step].icon);
  const first = html`
    ${can.decide && html`<${Button} kind="main" icon="check" busy=${busy} onClick=${() => settle(() => approveAdjustment(adjustment), 'decide.approved', 'circle-check')}>
        ${t('adjustment.approve', { points: signedPoints(adjustment.points) })}<//>
      <${Button} kind="danger" icon="ban" onClick=${() => setStep('reject')}>${t('decide.reject')}<//>`}
    ${can.withdraw && html`<${Button} kind="danger" icon="arrow-back-up" onClick=${() => setStep('withdraw')}>${t('adjustment.withdraw')}<//>`}
    <${Button} kind="plain" onClick=${onClose}>${t(can.decide || can.withdraw ? 'decide.later' : 'action.close')}<//>`;
  const second = step && html`
    <${Button} kind="danger-full" icon=${STEPS[step].icon} busy=${busy} disabled=${step === 'reject' && !reason.trim()} onClick=${turnDown}>${t(STEPS[step].word)}<//>
    <${Button} kind="plain" onClick=${() => setStep(null)}>${t('action.back')}<//>`;
  const open = adjustment.state === 'asked';
  return html`<${Dialog} look="dialog dialog-wide" open title=${t('adjustment.title', { name: memberName(adjustment.member) })} onClose=${onClose}
    actions=${html`<${Trouble} text=${trouble} /><div class="row">${step ? second : first}</div>`}>
    ${!open && html`<${Decided} adjustment=${adjustment} />`}
    <${Content} adjustment=${adjustment} />
    ${open && html`<${MemberNow} adjustment=${adjustment} />`}
    ${open && !can.decide && html`<${NotYours} can=${can} />`}
    ${step === 'reject' && html`<${Reason} label=${t('decide.why_not')} value=${reason} onInput=${setReason} focused />`}
    ${step === 'withdraw' && html`<p>${t('adjustment.withdraw.question')}</p>`}
  <//>`;
}
