/** One act: what it gave and why, so that "why 5 points?" has an answer. */
import { html, useLoaded } from '../../shared/js/view.js';
import { Card, Cell, Failed, Icon, List, Loading, Page, StateBadge } from '../../shared/js/components.js';
import { count, dayTime, signedPoints } from '../../shared/js/format.js';
import { language, t } from '../../shared/js/i18n.js';
import { back, to } from '../../shared/js/router.js';
import { loadActivity } from '../models/history.js';
import { Reviewed, Waiting } from './activity_review.js';
import { formulaWords, gramsWords } from './scene_words.js';

/** Nothing is booked for these, so nothing looks like points. */
const UNBOOKED = ['pending', 'refused'];

export default function ActivityPage({ part }) {
  const { state, value, error, again } = useLoaded(() => loadActivity(part), [part, language()]);
  return html`<${Page} title=${value?.name ?? t('activity.title')} onBack=${() => back('history')}>
    ${state === 'loading' && html`<${Loading} />`}
    ${state === 'failed' && html`<${Failed} error=${error} onRetry=${again} />`}
    ${value && html`<${Activity} activity=${value} onAnswered=${again} />`}
  <//>`;
}

/** What was taken back is struck out, so that it looks like nothing that can be spent. */
function Earned({ activity: { state, points: earned, reduction_grams: saved } }) {
  if (state === 'reversed') {
    return html`<p class="activity-points quiet figures"><s>${signedPoints(earned)}</s></p>${saved > 0 && html`<p class="quiet figures"><s>${gramsWords(saved)}</s></p>`}`;
  }
  if (state === 'pending') return null;
  if (state === 'refused') return html`<p class="activity-points quiet figures">0</p>`;
  return html`<p class="activity-points points figures">${signedPoints(earned)}</p><p class="grams figures">${gramsWords(saved)}</p>`;
}

/** Why the staff took it back, when, what that means, and where to ask. */
function TakenBack({ reversal }) {
  return html`<${Card} class="activity-reversal">
    <h2><${Icon} name="arrow-back-up" small /> ${t('activity.reversed.at', { time: dayTime(reversal.reversed_at) })}</h2>
    <p><span class="small quiet">${t('activity.reversed.reason')}</span><br /><strong>${reversal.reason}</strong></p>
    <p>${t('activity.reversed')}</p>
    <p class="small quiet">${t('activity.reversed.spent')} ${t('activity.reversed.help')}</p>
  <//>`;
}

function Activity({ activity, onAnswered }) {
  const booked = !UNBOOKED.includes(activity.state);
  const late = Math.abs(Date.parse(activity.recorded_at) - Date.parse(activity.occurred_at)) > 120_000;
  const leaf = activity.leaf_index === null ? t('activity.leaf.soon') : count(activity.leaf_index);
  const part = activity.credited_quantity !== activity.quantity
    && `${count(activity.credited_quantity)} / ${count(activity.quantity)}`;
  return html`<div class="stack">
    <${Card} class="activity-card">
      <p><${StateBadge} state=${activity.state} reason=${activity.reason} /></p>
      <${Earned} activity=${activity} />
      ${activity.reason_text && html`<p class="activity-reason"><${Icon} name="info-circle" small /> ${activity.reason_text}</p>`}
    <//>
    ${activity.state === 'pending' && html`<${Waiting} activity=${activity} onAnswered=${onAnswered} />`}
    ${activity.decided_at && html`<${Reviewed} activity=${activity} />`}
    ${activity.reversal && html`<${TakenBack} reversal=${activity.reversal} />`}
    ${booked && activity.reduction_grams > 0 && html`<section>
      <h2 class="list-head">${t('activity.why')}</h2>
      <${Card}><p class="figures">${formulaWords(activity)}</p><//>
    </section>`}
    <${List} label=${t('activity.details')}>
      <${Cell} key="when" title=${t('activity.when')} value=${dayTime(activity.occurred_at)} />
      ${late && html`<${Cell} key="late" title=${t('activity.recorded')} value=${dayTime(activity.recorded_at)} />`}
      ${activity.place && html`<${Cell} key="place" title=${t('activity.place')} value=${activity.place} />`}
      ${activity.companion > 0 && html`<${Cell} key="child" title=${t('activity.child')} value=${t('scan.companion.child', { number: activity.companion })} />`}
      ${booked && part && html`<${Cell} key="part" title=${t('activity.part')} value=${part} />`}
      ${activity.decided_at && html`<${Cell} key="decided" title=${t('activity.decided')} value=${dayTime(activity.decided_at)} />`}
      ${booked && html`<${Cell} key="leaf" title=${t('activity.leaf')} note=${t('activity.leaf.note')} value=${leaf} />`}
      <${Cell} key="scene" title=${t('activity.scene')} href=${to('scenes', activity.scene)} />
    <//>
    <p class="legal">${activity.id}</p>
  </div>`;
}
