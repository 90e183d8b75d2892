/** One act that waits: what, where and when, why it waits, what speaks for and against it, and the decision. */
import { html, useLoaded, useState } from '../../shared/js/view.js';
import { Button, Failed, Icon, Loading, StateBadge, toast } from '../../shared/js/components.js';
import { count, dayTime } from '../../shared/js/format.js';
import { language, t } from '../../shared/js/i18n.js';
import { to } from '../../shared/js/router.js';
import { acceptReview, askMember, mayDecide, readReview, refreshPending, refuseReview, usualMoment } from '../models/reviews.js';
import { may } from '../models/session.js';
import { Drawer, Facts } from './drawer.js';
import { PlaceOnMap } from './map.js';
import { KindBadge, memberName } from './member_words.js';
import { DecisionForm } from './review_decision.js';
import { deciderWords, Hint, placeWords, reasonWords } from './review_words.js';

/** The three times, and the kiosk's own record where it has come. */
function When({ review }) {
  const { activity, claimed_at: claimed, first_occurred_at: first, journal_time: journal } = review;
  const counts = review.decision?.decision === 'accepted';
  return html`<section class="stack-tight"><h3>${t('review.when')}</h3><${Facts} facts=${[
    [t('review.claimed'), claimed ? dayTime(claimed) : t('review.claimed.unknown')],
    [t('review.journal'), journal && dayTime(journal)],
    [t(counts ? 'review.counts' : 'review.corrected'), dayTime(counts ? activity.occurred_at : first)],
    [t('review.received'), dayTime(activity.recorded_at)],
  ]} /></section>`;
}

function What({ review }) {
  const { activity, member, clerk, code } = review;
  return html`<${Facts} facts=${[
    [t('column.member'), html`<a href=${to('members', member.id)}>${memberName(member)}</a> <${KindBadge} kind=${member.kind} />`],
    [t('review.quantity'), `${count(activity.quantity)} · ${t('review.points_most', { points: count(review.points_most) })}`],
    [t('review.where'), placeWords(review)],
    [t('column.kiosk'), review.kiosk && html`<a href=${to('kiosks', review.kiosk)}>${t('review.kiosk', { number: review.kiosk })}</a>`],
    [t('review.code'), code && `${code.epoch} / ${code.counter}`],
    [t('review.clerk'), clerk],
  ]} />`;
}

function Why({ review }) {
  return html`<section class="review-why tone-amber"><h3 class="with-icon"><${Icon} name="hourglass" /><span>${reasonWords(review)}</span></h3>
    <p>${review.waited_for_text}</p></section>`;
}

/** The other of a pair, so that one sees both before deciding about one. */
function Others({ others }) {
  if (others.length === 0) return null;
  return html`<section class="stack-tight"><h3>${t('review.others')}</h3><ul class="review-others">
    ${others.map((other) => html`<li key=${other.id}><p><b>${other.name}</b> <${StateBadge} state=${other.state} /></p>
      <p class="small quiet">${[dayTime(other.occurred_at), other.place, memberName(other.member)].filter(Boolean).join(' · ')}</p></li>`)}</ul></section>`;
}

function Question({ question, open }) {
  if (!question) return null;
  return html`<section class="stack-tight"><h3>${t('review.question')}</h3>
    <p class="version-reason">${question.text}<small class="quiet"> ${dayTime(question.asked_at)}</small></p>
    ${question.answer
      ? html`<p class="version-reason review-answer">${question.answer}<small class="quiet"> ${dayTime(question.answered_at)}</small></p>`
      : html`<p class="small quiet">${t(open ? 'review.question.open' : 'review.question.none')}</p>`}</section>`;
}

function Decided({ review }) {
  const { decision, activity } = review;
  return html`<section class="stack-tight"><p><${StateBadge} state=${activity.state} reason=${activity.reason} /></p>
    <p>${t(`review.was_${decision.decision}`, { name: deciderWords(decision), time: dayTime(decision.decided_at) })}</p>
    ${decision.reason && html`<p class="version-reason">${decision.reason}</p>`}
    ${decision.decision === 'refused' && decision.code && html`<p class="small quiet with-icon"><${Icon} name="info-circle" small /><span>${activity.reason_text}</span></p>`}</section>`;
}

function Deeds({ review, onDone }) {
  const [deed, setDeed] = useState(null);
  if (!may('staff_accept_review')) return null;
  const id = review.id;
  const sends = {
    accept: (reason, moment) => acceptReview(review, reason, moment), refuse: (reason) => refuseReview(id, reason), ask: (question) => askMember(id, question),
  };
  if (deed) {
    return html`<${DecisionForm} key=${deed} deed=${deed} moment=${deed === 'accept' ? usualMoment(review) : undefined} send=${sends[deed]}
      onCancel=${() => setDeed(null)} onDone=${(answer) => { setDeed(null); onDone(deed, answer); }} />`;
  }
  const free = mayDecide(review);
  return html`<div class="review-deeds">
    ${!free && html`<${Hint} icon="users">${t('review.for_approver')}<//>`}
    ${free && html`<${Button} kind="main" icon="check" onClick=${() => setDeed('accept')}>${t('review.accept')}<//>
      <${Button} kind="danger" icon="ban" onClick=${() => setDeed('refuse')}>${t('review.refuse')}<//>`}
    ${!review.activity.question && html`<${Button} kind="line" icon="mail" onClick=${() => setDeed('ask')}>${t('review.ask')}<//>`}
  </div>`;
}

function Inside({ review, onDone }) {
  return html`<header class="drawer-head"><span class="cell-lead tone-amber"><${Icon} name="hourglass" /></span>
      <div><p class="small quiet">${memberName(review.member)}</p><h2 tabindex="-1" autofocus>${review.activity.name}</h2></div></header>
    ${review.decision ? html`<${Decided} review=${review} />` : html`<${Why} review=${review} />`}
    <${What} review=${review} /><${When} review=${review} />
    <${Others} others=${review.others} /><${Question} question=${review.activity.question} open=${!review.decision} />
    ${!review.decision && html`<${Deeds} review=${review} onDone=${onDone} />`}
    ${review.map && html`<${PlaceOnMap} point=${review.map} label=${placeWords(review)} />`}
    <p class="legal">${review.id}</p>`;
}

/** What is said when it is done: what came of it, not only that a button was pressed. */
function said(deed, { activity }) {
  if (deed === 'ask') return [t('review.asked'), 'mail'];
  return [t(`review.now.${activity.state}`, { points: count(activity.points) }), activity.state === 'credited' ? 'circle-check' : 'ban'];
}

export function ReviewDrawer({ id, onClose, onChanged }) {
  const { value, error, again } = useLoaded(() => readReview(id), [id, language()]);
  const done = (deed, answer) => {
    toast(...said(deed, answer));
    refreshPending();
    onChanged();
    if (deed === 'ask') again();
    else onClose();
  };
  return html`<${Drawer} title=${value?.activity.name ?? t('reviews.title')} onClose=${onClose}>
    ${!value && !error && html`<${Loading} />`}
    ${!value && error && html`<${Failed} error=${error} onRetry=${again} />`}
    ${value && html`<${Inside} review=${value} onDone=${done} />`}
  <//>`;
}
