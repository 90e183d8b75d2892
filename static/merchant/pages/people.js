/** The people at this counter: its owner adds cashiers, blocks them, and gives one-time passwords. */
import { html, useLoaded, useState } from '../../shared/js/view.js';
import { Badge, Button, Card, Cell, Dialog, Failed, Field, List, Loading, Page, toast } from '../../shared/js/components.js';
import { dayTime } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { back } from '../../shared/js/router.js';
import { Trouble, useAct } from '../../shared/js/acting.js';
import { addCashier, blockCashier, readPeople, resetPassword } from '../models/people.js';

/** A one-time password, shown only now. */
function ShownOnce({ made, onDone }) {
  return html`<${Card} class="stack-tight shown-once" role="status">
    <h2>${t('people.once', { name: made.person.name })}</h2>
    <p class="once-login">${t('counter.sign_in.login')}: <code>${made.person.login}</code></p>
    <p class="once-password"><code>${made.password}</code></p>
    <p class="small">${t('people.once.note', { until: dayTime(made.valid_until) })}</p>
    <${Button} kind="main" wide onClick=${onDone}>${t('people.once.done')}<//><//>`;
}

function NewCashier({ onMade, onClose }) {
  const [entered, setEntered] = useState({ login: '', name: '' });
  const { busy, trouble, run } = useAct();
  const enter = (name) => (event) => setEntered((before) => ({ ...before, [name]: event.target.value }));
  const send = async (event) => {
    event.preventDefault();
    const made = await run(() => addCashier(entered.login.trim(), entered.name.trim()));
    if (made) onMade(made);
  };
  return html`<form class="card stack" onSubmit=${send}><h2>${t('people.add')}</h2>
    <${Field} label=${t('people.name')} value=${entered.name} required maxlength="40" autocomplete="off" onInput=${enter('name')} />
    <${Field} label=${t('counter.sign_in.login')} note=${t('people.login.note')} value=${entered.login} required maxlength="32" pattern="[a-z0-9][a-z0-9._\\-]+" autocomplete="off"
      autocapitalize="none" spellcheck=${false} onInput=${enter('login')} />
    <${Trouble} text=${trouble} />
    <${Button} kind="main" wide type="submit" icon="plus" busy=${busy} disabled=${!entered.login.trim() || !entered.name.trim()}>${t('people.add')}<//>
    <${Button} kind="quiet" wide onClick=${onClose}>${t('action.cancel')}<//></form>`;
}

/** What the owner is about to do to a cashier, asked once more. */
function Question({ person, deed, onClose, onDone }) {
  const { busy, trouble, run } = useAct();
  const act = async () => {
    const made = await run(() => (deed === 'reset' ? resetPassword(person.id) : blockCashier(person.id, deed === 'block')));
    if (made) onDone(deed === 'reset' ? made : null);
  };
  return html`<${Dialog} open title=${t(`people.${deed}.title`, { name: person.name })} onClose=${onClose} actions=${html`<${Trouble} text=${trouble} />
    <${Button} kind=${deed === 'unblock' ? 'main' : 'danger'} wide busy=${busy} onClick=${act}>${t(`people.${deed}`)}<//>
    <${Button} kind="plain" wide onClick=${onClose}>${t('action.cancel')}<//>`}><p>${t(`people.${deed}.text`)}</p><//>`;
}

function Person({ person, onDeed }) {
  const note = [person.login, t(`role.${person.role}`), person.signed_in_at && t('people.seen', { time: dayTime(person.signed_in_at) })].filter(Boolean).join(' · ');
  return html`<${Cell} icon=${person.role === 'owner' ? 'building-store' : 'user'} title=${person.name} note=${note}>
    <span class="row">${person.blocked && html`<${Badge} tone="red" icon="ban">${t('people.blocked')}<//>`}
      ${person.must_change_password && html`<${Badge} tone="amber" icon="key">${t('people.has_once')}<//>`}</span>
    ${person.role === 'cashier' && html`<span class="row">
      <${Button} kind="line" icon="key" onClick=${() => onDeed('reset')}>${t('people.reset')}<//>
      <${Button} kind="line" icon=${person.blocked ? 'user-check' : 'ban'} onClick=${() => onDeed(person.blocked ? 'unblock' : 'block')}>${t(person.blocked ? 'people.unblock' : 'people.block')}<//></span>`}
  <//>`;
}

function PeopleList({ people, again }) {
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState(null);
  const [asked, setAsked] = useState(null);
  const added = (answer) => { setAdding(false); setMade(answer); again(); };
  const done = (answer) => {
    setAsked(null);
    if (answer) setMade(answer); else toast(t('people.changed'));
    again();
  };
  return html`<div class="stack">
    ${made && html`<${ShownOnce} made=${made} onDone=${() => setMade(null)} />`}
    <${List}>${people.map((person) => html`<${Person} key=${person.id} person=${person} onDeed=${(deed) => setAsked({ person, deed })} />`)}<//>
    ${adding ? html`<${NewCashier} onMade=${added} onClose=${() => setAdding(false)} />`
      : html`<${Button} kind="main" wide icon="plus" onClick=${() => { setMade(null); setAdding(true); }}>${t('people.add')}<//>`}
    ${asked && html`<${Question} ...${asked} onClose=${() => setAsked(null)} onDone=${done} />`}
  </div>`;
}

export function People() {
  const { state, value, error, again } = useLoaded(readPeople);
  return html`<${Page} title=${t('people.title')} onBack=${() => back('settings')}>
    ${state === 'loading' && html`<${Loading} />`}
    ${state === 'failed' && html`<${Failed} error=${error} onRetry=${again} />`}
    ${value && html`<${PeopleList} people=${value} again=${again} />`}
  <//>`;
}
