/** One person: facts, roles, and what an administrator can do about their sign-in. */
import { html, useState } from '../../shared/js/view.js';
import { Button, Icon, toast } from '../../shared/js/components.js';
import { count, dayTime } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { Trouble, useAct } from '../../shared/js/acting.js';
import { changePerson, endSessionsOf, resetPassword } from '../models/people.js';
import { session } from '../models/session.js';
import { Drawer, Facts } from './drawer.js';
import { OneTimePassword } from './shown_once.js';
import { PersonBadge } from './person_badge.js';
import { RoleChoice } from './roles.js';

function Roles({ person, onChanged }) {
  const [roles, setRoles] = useState(person.roles);
  const { busy, trouble, run } = useAct();
  const same = roles.length === person.roles.length && roles.every((role) => person.roles.includes(role));
  const save = async () => {
    if (!(await run(() => changePerson(person.id, { roles })))) return;
    toast(t('person.roles_saved'));
    onChanged();
  };
  return html`<section class="stack-tight"><${RoleChoice} value=${roles} onChange=${setRoles} /><${Trouble} text=${trouble} />
    <${Button} kind="main" busy=${busy} disabled=${same || roles.length === 0} onClick=${save}>${t('person.save_roles')}<//></section>`;
}

/** An act that is asked about once more: the button becomes the question. */
function Asked({ icon, word, question, kind = 'line', busy, onSure, children }) {
  const [asked, setAsked] = useState(false);
  if (!asked) return html`<${Button} kind=${kind} wide icon=${icon} onClick=${() => setAsked(true)}>${word}<//>`;
  const sure = () => { setAsked(false); onSure(); };
  return html`<div class="asked stack-tight"><p>${question}</p>${children}
    <div class="asked-answers"><${Button} kind="danger" busy=${busy} onClick=${sure}>${word}<//><${Button} kind="plain" onClick=${() => setAsked(false)}>${t('action.cancel')}<//></div></div>`;
}

function SignIn({ person, onChanged }) {
  const [made, setMade] = useState(null);
  const [forget, setForget] = useState(false);
  const { busy, trouble, run } = useAct();
  const act = (doing, word) => async () => {
    const answer = await run(doing);
    if (answer) onChanged();
    if (answer && word) toast(t(word));
    return answer;
  };
  const reset = act(() => resetPassword(person.id, forget));
  const block = act(() => changePerson(person.id, { blocked: !person.blocked }), person.blocked ? 'person.unblocked' : 'person.is_blocked');
  const end = act(() => endSessionsOf(person.id), 'person.sessions_ended');
  return html`<section class="stack-tight">
    <h3 class="drawer-title">${t('column.sign_in')}</h3>
    ${made && html`<${OneTimePassword} made=${made} />`}
    <${Trouble} text=${trouble} />
    <${Asked} icon="key" word=${t('person.reset')} question=${t('person.reset.question', { name: person.name })} busy=${busy} onSure=${async () => setMade(await reset())}>
      ${person.second_factor && html`<label class="choice"><input type="checkbox" checked=${forget} onChange=${() => setForget(!forget)} /><span>${t('person.forget_factor')}</span></label>`}
    <//>
    ${person.sessions > 0 && html`<${Asked} icon="logout" word=${t('person.end_sessions')} question=${t('person.end_sessions.question', { count: count(person.sessions) })} busy=${busy} onSure=${end} />`}
    ${person.blocked
      ? html`<${Button} kind="line" wide icon="user-check" busy=${busy} onClick=${block}>${t('person.unblock')}<//>`
      : html`<${Asked} icon="ban" word=${t('person.block')} question=${t('person.block.question', { name: person.name })} busy=${busy} onSure=${block} />`}
  </section>`;
}

export function PersonDrawer({ person, onChanged, onClose }) {
  const mine = person.id === session.get().person?.id;
  return html`<${Drawer} title=${person.name} onClose=${onClose}>
    <header class="drawer-head"><span class="cell-lead"><${Icon} name="user-circle" /></span>
      <div><p class="small quiet">${person.login}</p><h2>${person.name}</h2></div></header>
    <p><${PersonBadge} person=${person} /></p>
    <${Facts} facts=${[
      [t('column.signed_in'), person.signed_in_at ? dayTime(person.signed_in_at) : t('kiosk.never')], [t('column.sessions'), count(person.sessions)],
      [t('person.since'), dayTime(person.created_at)],
    ]} />
    <${Roles} key=${person.roles.join()} person=${person} onChanged=${onChanged} />
    ${mine ? html`<p class="small quiet">${t('person.yourself')}</p>` : html`<${SignIn} person=${person} onChanged=${onChanged} />`}
  <//>`;
}
