/** A new person of the staff: login, name, roles; then the one-time password. */
import { html, useState } from '../../shared/js/view.js';
import { Button, Field } from '../../shared/js/components.js';
import { t } from '../../shared/js/i18n.js';
import { Trouble, useAct } from '../../shared/js/acting.js';
import { addPerson } from '../models/people.js';
import { Drawer } from './drawer.js';
import { RoleChoice } from './roles.js';
import { OneTimePassword } from './shown_once.js';

function NewPersonForm({ onMade }) {
  const [entered, setEntered] = useState({ login: '', name: '' });
  const [roles, setRoles] = useState([]);
  const { busy, trouble, run } = useAct();
  const enter = (name) => (event) => setEntered((before) => ({ ...before, [name]: event.target.value }));
  const send = async (event) => {
    event.preventDefault();
    const made = await run(() => addPerson(entered.login.trim(), entered.name.trim(), roles));
    if (made) onMade(made);
  };
  return html`<form class="stack" onSubmit=${send}>
    <${Field} label=${t('column.name')} value=${entered.name} required maxlength="40" autocomplete="off" onInput=${enter('name')} />
    <${Field} label=${t('sign_in.login')} note=${t('people.login.note')} value=${entered.login} required maxlength="32" pattern="[a-z0-9][a-z0-9._\\-]+" autocomplete="off"
      autocapitalize="none" spellcheck=${false} onInput=${enter('login')} />
    <${RoleChoice} value=${roles} onChange=${setRoles} />
    <${Trouble} text=${trouble} />
    <${Button} kind="main" wide type="submit" icon="plus" busy=${busy} disabled=${!entered.login.trim() || !entered.name.trim() || roles.length === 0}>${t('people.add')}<//>
  </form>`;
}

export function NewPersonDrawer({ onChanged, onClose }) {
  const [made, setMade] = useState(null);
  const keep = (answer) => { setMade(answer); onChanged(); };
  return html`<${Drawer} title=${t('people.add')} onClose=${onClose}>
    <header class="drawer-head"><h2>${t('people.add')}</h2></header>
    ${made ? html`<${OneTimePassword} made=${made} /><${Button} kind="plain" wide onClick=${onClose}>${t('once.done')}<//>` : html`<${NewPersonForm} onMade=${keep} />`}
  <//>`;
}
