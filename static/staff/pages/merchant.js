/** One merchant: whether it works, what it gives, who stands at its counter, and its history. */
import { html, useLoaded, useState } from '../../shared/js/view.js';
import { Badge, Button, Cell, Dialog, Failed, Icon, List, Loading, toast } from '../../shared/js/components.js';
import { count, dayTime, fen } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { to } from '../../shared/js/router.js';
import { Trouble, useAct } from '../../shared/js/acting.js';
import { nameMerchant, readMerchant, resetCounterPassword, resumeMerchant, suspendMerchant } from '../models/merchants.js';
import { may } from '../models/session.js';
import { deedsOf, waitingOf } from '../models/versions.js';
import { refreshWaiting } from '../models/waiting.js';
import { Facts } from './drawer.js';
import { ItemBadge, MerchantBadge } from './item_words.js';
import { MerchantPlace } from './merchant_place.js';
import { MerchantNames } from './new_merchant.js';
import { ConsolePage } from './rail.js';
import { Reason } from './reason.js';
import { OneTimePassword } from './shown_once.js';
import { Timeline } from './timeline.js';
import { WaitingCard } from './waiting_card.js';

/** Suspend, let work again, or give other names: each with its reason. */
const DEEDS = {
  suspend: { icon: 'ban', kind: 'danger-full', send: ({ id }, { reason }) => suspendMerchant(id, reason) },
  resume: { icon: 'users', kind: 'main', send: ({ id }, { reason }) => resumeMerchant(id, reason) },
  rename: { icon: 'check', kind: 'main', send: ({ id }, { reason, ...names }) => nameMerchant(id, names, reason) },
};

function DeedDialog({ deed, merchant, onClose, onDone }) {
  const { name_zh, name_en, place_zh, place_en } = merchant;
  const [entered, setEntered] = useState({ name_zh, name_en, place_zh, place_en, reason: '' });
  const { busy, trouble, run } = useAct();
  const { icon, kind, send } = DEEDS[deed];
  const enter = (name) => (value) => setEntered((before) => ({ ...before, [name]: value }));
  const trimmed = Object.fromEntries(Object.entries(entered).map(([name, value]) => [name, value.trim()]));
  const act = async () => {
    if (!(await run(() => send(merchant, trimmed)))) return;
    toast(t(`merchant.${deed}.done`));
    refreshWaiting();
    onClose();
    onDone();
  };
  return html`<${Dialog} look="dialog dialog-wide" open title=${t(`merchant.${deed}.title`, { name: merchant.name })} onClose=${onClose} actions=${html`<${Trouble} text=${trouble} /><div class="row">
      <${Button} kind=${kind} icon=${icon} busy=${busy} disabled=${Object.values(trimmed).some((value) => !value)} onClick=${act}>${t(`merchant.${deed}`)}<//>
      <${Button} kind="plain" onClick=${onClose}>${t('action.cancel')}<//></div>`}>
    <p>${t(`merchant.${deed}.text`)}</p>
    ${deed === 'rename' && html`<div class="both"><${MerchantNames} entered=${entered} enter=${enter} /></div>`}
    <${Reason} value=${entered.reason} onInput=${enter('reason')} focused=${deed !== 'rename'} />
  <//>`;
}

function Goods({ items }) {
  if (items.length === 0) return html`<section class="card"><h2>${t('items.title')}</h2><p class="quiet">${t('merchant.no_items')}</p></section>`;
  return html`<${List} label=${t('items.title')}>${items.map((item) => html`
    <${Cell} key=${item.id} icon=${item.icon} title=${item.name} href=${to('items', item.id)} note=${t('merchant.item', { points: count(item.points), stock: count(item.stock.remaining), amount: fen(item.settlement_fen) })}>
      <span><${ItemBadge} item=${item} /></span><//>`)}<//>`;
}

function Person({ merchant, person, onMade }) {
  const [asked, setAsked] = useState(false);
  const { busy, trouble, run } = useAct();
  const reset = async () => {
    const made = await run(() => resetCounterPassword(merchant.id, person.id));
    if (made) { setAsked(false); onMade(made); }
  };
  const note = [person.login, t(`merchant.role.${person.role}`), person.signed_in_at && dayTime(person.signed_in_at)].filter(Boolean).join(' · ');
  return html`<${Cell} icon="user-circle" tone="sea" title=${person.name} note=${note}>
    <span class="row">${person.blocked && html`<${Badge} tone="red" icon="ban">${t('person.blocked')}<//>`}
      ${person.must_change_password && html`<${Badge} tone="amber" icon="key">${t('person.once')}<//>`}
      ${may('staff_reset_counter_password') && !asked && html`<${Button} kind="quiet" icon="key" onClick=${() => setAsked(true)}>${t('person.reset')}<//>`}</span>
    ${asked && html`<div class="asked stack-tight"><p>${t('person.reset.question', { name: person.name })}</p><${Trouble} text=${trouble} />
      <div class="asked-answers"><${Button} kind="danger" busy=${busy} onClick=${reset}>${t('person.reset')}<//><${Button} kind="plain" onClick=${() => setAsked(false)}>${t('action.cancel')}<//></div></div>`}
  <//>`;
}

function People({ merchant, onChanged }) {
  const [made, setMade] = useState(null);
  const keep = (answer) => { setMade(answer); onChanged(); };
  return html`<section class="stack-tight">
    ${made && html`<div class="card"><${OneTimePassword} made=${made} /></div>`}
    <${List} label=${t('merchant.people')}>${merchant.people.map((person) => html`<${Person} key=${person.id} merchant=${merchant} person=${person} onMade=${keep} />`)}<//>
  </section>`;
}

function Actions({ merchant, onDeed }) {
  const suspended = merchant.state === 'suspended';
  return html`
    ${may('staff_change_merchant') && html`<${Button} kind="line" icon="edit" onClick=${() => onDeed('rename')}>${t('merchant.rename')}<//>`}
    ${!suspended && may('staff_suspend_merchant') && html`<${Button} kind="danger" icon="ban" onClick=${() => onDeed('suspend')}>${t('merchant.suspend')}<//>`}
    ${suspended && !merchant.version_waits && may('staff_resume_merchant') && html`<${Button} kind="main" icon="users" onClick=${() => onDeed('resume')}>${t('merchant.resume')}<//>`}`;
}

function Merchant({ found: { merchant, versions, items }, again }) {
  const [deed, setDeed] = useState(null);
  const context = { document: {} };
  const subject = { path: `staff/merchants/${merchant.id}`, name: merchant.name, context };
  return html`<${ConsolePage} title=${html`<span class="scene-title"><${Icon} name="building-store" />${merchant.name}</span>`} note=${merchant.place} back=${{ href: to('merchants'), word: t('merchants.title') }}
    actions=${html`<${Actions} merchant=${merchant} onDeed=${setDeed} />`}>
    <p class="row scene-standing"><${MerchantBadge} state=${merchant.state} /><span class="small quiet">${t('merchant.since', { day: dayTime(merchant.created_at) })}</span></p>
    <div class="subject-halves">
      <div class="stack">
        ${waitingOf(versions).map((version) => html`<${WaitingCard} key=${version.version} subject=${subject} version=${version} can=${deedsOf('merchants')} onDone=${again} />`)}
        <section class="card"><h2>${t('merchant.account')}</h2><${Facts} facts=${[
          [t('column.owed'), fen(merchant.payable_fen)], [t('field.name_zh'), merchant.name_zh], [t('field.name_en'), html`<span lang="en">${merchant.name_en}</span>`],
          [t('field.place_zh'), merchant.place_zh], [t('field.place_en'), html`<span lang="en">${merchant.place_en}</span>`],
        ]} /></section>
        ${may('staff_list_venues') && html`<${MerchantPlace} merchant=${merchant} onDone=${again} />`}
        <${Goods} items=${items} />
        <${People} merchant=${merchant} onChanged=${again} />
      </div>
      <${Timeline} versions=${versions} context=${context} />
    </div>
    ${deed && html`<${DeedDialog} deed=${deed} merchant=${merchant} onClose=${() => setDeed(null)} onDone=${again} />`}
  <//>`;
}

export function MerchantPage({ part }) {
  const { state, value, error, again } = useLoaded(() => readMerchant(part), [part]);
  if (state === 'failed') return html`<main class="console-page"><${Failed} error=${error} onRetry=${again} /></main>`;
  return value ? html`<${Merchant} found=${value} again=${again} />` : html`<main class="console-page"><${Loading} /></main>`;
}
