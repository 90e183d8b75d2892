/** The decision about one act or a selection: what it will do, and the reason for it. */
import { html, useState } from '../../shared/js/view.js';
import { Button, Dialog, Field, Icon, StateBadge } from '../../shared/js/components.js';
import { t } from '../../shared/js/i18n.js';
import { Trouble, useAct } from '../../shared/js/acting.js';
import { decideAll } from '../models/reviews.js';
import { Reason } from './reason.js';

const REASON_SHORTEST = 3;
const LOOKS = { accept: { kind: 'main', icon: 'check' }, refuse: { kind: 'danger-full', icon: 'ban' }, ask: { kind: 'main', icon: 'mail' } };

/** `deed` is accept, refuse or ask; `send(reason, moment)` does it. `moment`: the time to offer, where it can be changed. */
export function DecisionForm({ deed, moment, send, onCancel, onDone }) {
  const [reason, setReason] = useState('');
  const [time, setTime] = useState(moment ?? '');
  const { busy, trouble, run } = useAct();
  const go = async () => {
    const answer = await run(() => send(reason.trim(), time));
    if (answer) onDone(answer);
  };
  return html`<div class="asked stack-tight">
    ${moment && html`<${Field} id="review-time" label=${t('review.time')} note=${t('review.time.note')}>
      <input id="review-time" type="datetime-local" value=${time} aria-describedby="review-time-note" onInput=${(event) => setTime(event.target.value)} /><//>`}
    <${Reason} label=${t(`review.${deed}.reason`)} note=${t(`review.${deed}.note`)} value=${reason} onInput=${setReason} focused />
    <${Trouble} text=${trouble} />
    <div class="asked-answers"><${Button} ...${LOOKS[deed]} busy=${busy} disabled=${reason.trim().length < REASON_SHORTEST} onClick=${go}>${t(`review.${deed}.send`)}<//>
      <${Button} kind="plain" disabled=${busy} onClick=${onCancel}>${t('action.cancel')}<//></div></div>`;
}

function Result({ result, review }) {
  return html`<li class="review-result"><span><b>${review?.activity.name ?? result.id}</b> <small class="quiet">${review?.member.nickname}</small></span>
    ${result.state ? html`<${StateBadge} state=${result.state} />` : html`<span class="small amber with-icon"><${Icon} name="alert-triangle" small /><span>${result.detail}</span></span>`}</li>`;
}

/** Several at once: each is judged for itself, and each says what became of it. */
export function SelectionDialog({ deed, reviews, onClose }) {
  const [results, setResults] = useState(null);
  const byId = new Map(reviews.map((review) => [review.id, review]));
  const title = t(results ? 'reviews.results' : `reviews.${deed}.title`, { count: reviews.length });
  return html`<${Dialog} look="dialog dialog-wide" open title=${title} onClose=${() => onClose(Boolean(results))}
    actions=${results && html`<${Button} kind="main" onClick=${() => onClose(true)}>${t('action.close')}<//>`}>
    ${results
      ? html`<ul class="review-results">${results.map((result) => html`<${Result} key=${result.id} result=${result} review=${byId.get(result.id)} />`)}</ul>`
      : html`<p>${t('reviews.each')}</p><${DecisionForm} deed=${deed} onCancel=${() => onClose(false)} onDone=${setResults}
          send=${(reason) => decideAll(deed, reviews.map(({ id }) => id), reason)} />`}
  <//>`;
}
