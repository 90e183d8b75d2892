/** One member: what they have and owe, what they did, and what was adjusted by hand. */
import { html, useLoaded, useState } from '../../shared/js/view.js';
import { Badge, Button, Failed, Icon, Loading } from '../../shared/js/components.js';
import { count, day, grams } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { to } from '../../shared/js/router.js';
import { readMember } from '../models/members.js';
import { may } from '../models/session.js';
import { AskAdjustment } from './ask_adjustment.js';
import { DeskExchange } from './desk_exchange.js';
import { Facts } from './drawer.js';
import { MemberActivities } from './member_activities.js';
import { MemberAdjustments } from './member_adjustments.js';
import { MemberCards } from './member_cards.js';
import { KindBadge, memberName } from './member_words.js';
import { ConsolePage } from './rail.js';

function Debt({ points }) {
  return html`<p class="member-debt"><${Icon} name="alert-triangle" small /><span>${t('member.debt', { points: count(points) })}</span></p>`;
}

function Balance({ member }) {
  const { available, held, debt, expiring } = member.balance;
  const ends = expiring.map((lot) => t('member.expiring', { points: count(lot.points), day: day(lot.on) }));
  return html`<section class="card stack-tight"><h2>${t('member.balance')}</h2>
    <p class="member-available figures"><strong class="points">${count(available)}</strong> ${t('member.points', { count: count(available) })}</p>
    ${debt > 0 && html`<${Debt} points=${debt} />`}
    <${Facts} facts=${[
      [t('column.held'), held > 0 ? t('member.held', { points: count(held) }) : null],
      [t('column.debt'), debt > 0 ? t('member.points_of', { points: count(debt) }) : t('member.no_debt')],
      [t('member.ends'), ends.length > 0 ? html`${ends.map((line) => html`<span key=${line} class="fact-line">${line}</span>`)}` : null],
      [t('column.grams'), html`<span class="grams">${grams(member.reduction_grams)} CO₂e</span>`],
    ]} />
  </section>`;
}

function Standing({ member }) {
  return html`<p class="row scene-standing"><${KindBadge} kind=${member.kind} />
    ${member.interest && html`<${Badge} tone="amber" icon="users">${t('member.interest')}<//>`}</p>`;
}

function Member({ member, again }) {
  const [turn, setTurn] = useState(0);
  const [asking, setAsking] = useState(false);
  const [spending, setSpending] = useState(false);
  const changed = () => { again(); setTurn((before) => before + 1); };
  const free = !member.interest;
  return html`<${ConsolePage} title=${memberName(member)} note=${member.id} back=${{ href: to('members'), word: t('members.title') }}
    actions=${free && html`
      ${may('staff_create_desk_voucher') && html`<${Button} kind="line" icon="ticket" onClick=${() => setSpending(true)}>${t('desk.do')}<//>`}
      ${may('staff_create_adjustment') && html`<${Button} kind="line" icon="edit" onClick=${() => setAsking(true)}>${t('adjust.do')}<//>`}`}>
    <${Standing} member=${member} />
    ${member.interest && html`<p class="found-draft"><${Icon} name="users" small /><span>${t('member.interest.text')}</span></p>`}
    <div class="subject-halves">
      <${MemberActivities} member=${member} mayTakeBack=${may('staff_create_reversal') && free} onChanged=${changed} />
      <div class="stack"><${Balance} member=${member} />
        ${may('staff_list_adjustments') && html`<${MemberAdjustments} member=${member} turn=${turn} onChanged=${changed} />`}
        ${member.kind === 'resident' && may('staff_list_cards') && html`<${MemberCards} member=${member} free=${free} />`}</div>
    </div>
    ${spending && html`<${DeskExchange} member=${member} onClose=${() => setSpending(false)} onDone=${changed} />`}
    ${asking && html`<${AskAdjustment} member=${member} onClose=${() => setAsking(false)} onDone=${changed} />`}
  <//>`;
}

export function MemberPage({ part }) {
  const { state, value, error, again } = useLoaded(() => readMember(part), [part]);
  if (state === 'failed') return html`<main class="console-page"><${Failed} error=${error} onRetry=${again} /></main>`;
  return value ? html`<${Member} member=${value} again=${again} />` : html`<main class="console-page"><${Loading} /></main>`;
}
