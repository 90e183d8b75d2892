/** What a member did, newest first: what counted, what did not and why, and the way to take one back. */
import { html, useState } from '../../shared/js/view.js';
import { Button, Empty, Failed, Icon, Loading, StateBadge } from '../../shared/js/components.js';
import { count, dayTime, grams, signedPoints } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { readActivities } from '../models/members.js';
import { usePaged } from './paged.js';
import { TakeBackDialog } from './take_back.js';

/** Only what stands in the books looks like points; what was taken back is struck out. */
function Earned({ activity }) {
  const { state, points, reduction_grams: saved } = activity;
  if (state === 'reversed') return html`<p class="member-act-earned quiet"><s>${signedPoints(points)}</s><s class="small">${grams(saved)}</s></p>`;
  if (points === 0) return html`<p class="member-act-earned quiet">0</p>`;
  return html`<p class="member-act-earned"><b class="points">${signedPoints(points)}</b><span class="grams small">${grams(saved)}</span></p>`;
}

function Why({ activity: { reversal, reason_text: reason } }) {
  if (reversal) return html`<p class="version-reason">${reversal.reason}<small class="quiet"> ${t('member.taken_back_at', { time: dayTime(reversal.reversed_at) })}</small></p>`;
  return reason && html`<p class="small quiet with-icon"><${Icon} name="info-circle" small /><span>${reason}</span></p>`;
}

function Act({ activity, onTakeBack }) {
  return html`<li class="member-act">
    <div><p><b>${activity.name}</b> <${StateBadge} state=${activity.state} reason=${activity.reason} /></p>
      <p class="small quiet">${[dayTime(activity.occurred_at), activity.place].filter(Boolean).join(' · ')}</p>
      <${Why} activity=${activity} /></div>
    <${Earned} activity=${activity} />
    ${onTakeBack && activity.state === 'credited' && html`<${Button} kind="quiet" icon="arrow-back-up" aria-label=${t('take_back.of', { name: activity.name, time: dayTime(activity.occurred_at) })}
      onClick=${() => onTakeBack(activity)}>${t('take_back.do')}<//>`}
  </li>`;
}

export function MemberActivities({ member, mayTakeBack, onChanged }) {
  const { state, rows, next, error, busy, again, more } = usePaged((cursor) => readActivities(member.id, cursor), [member.id]);
  const [taking, setTaking] = useState(null);
  const done = () => { again(); onChanged(); };
  return html`<section class="card" aria-labelledby="acts-title"><h2 id="acts-title">${t('member.activities')}</h2>
    ${state === 'loading' && html`<${Loading} />`}
    ${state === 'failed' && html`<${Failed} error=${error} onRetry=${again} />`}
    ${state === 'ready' && rows.length === 0 && html`<${Empty} icon="leaf" title=${t('member.activities.empty')} />`}
    <ol class="member-acts">${rows.map((activity) => html`<${Act} key=${activity.id} activity=${activity} onTakeBack=${mayTakeBack ? setTaking : null} />`)}</ol>
    ${next && html`<${Button} kind="line" wide icon="chevron-down" busy=${busy} onClick=${more}>${t('member.activities.more', { count: count(rows.length) })}<//>`}
    ${taking && html`<${TakeBackDialog} key=${taking.id} activity=${taking} member=${member} onClose=${() => setTaking(null)} onDone=${done} />`}
  </section>`;
}
