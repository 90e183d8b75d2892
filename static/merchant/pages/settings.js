/** Who is signed in, how the pages look, and the way out. */
import { html, useState, useStore } from '../../shared/js/view.js';
import { Button, Cell, List, Page, toast } from '../../shared/js/components.js';
import { hasWords, t } from '../../shared/js/i18n.js';
import { Looks } from '../../shared/js/looks.js';
import { PasswordForm } from '../../shared/js/password_form.js';
import { back, to } from '../../shared/js/router.js';
import { changePassword } from '../models/people.js';
import { isOwner, session, signOut } from '../models/session.js';

/** One's own password, behind a button: nobody changes it every day. */
function OwnPassword() {
  const [open, setOpen] = useState(false);
  const done = () => { setOpen(false); toast(t('password.changed')); };
  if (!open) return html`<${Button} kind="line" wide icon="key" onClick=${() => setOpen(true)}>${t('password.change')}<//>`;
  return html`<section class="card"><${PasswordForm} wide change=${changePassword} onDone=${done} /></section>`;
}

function roleOf(person) {
  return hasWords(`role.${person.role}`) ? t(`role.${person.role}`) : person.role;
}

export function Settings() {
  const { merchant, person } = useStore(session);
  const [busy, setBusy] = useState(false);
  const leave = () => {
    setBusy(true);
    signOut();
  };
  return html`<${Page} title=${t('counter.settings')} onBack=${() => back()}>
    <div class="stack">
      <${List}>
        <${Cell} key="shop" icon="building-store" title=${merchant?.name} note=${person ? [person.name, roleOf(person)].join(' · ') : undefined} />
        ${isOwner() && html`<${Cell} key="people" icon="users" tone="sea" title=${t('people.title')} note=${t('people.note')} href=${to('people')} />`}
      <//>
      <${Looks} />
      <${OwnPassword} />
      <${Button} kind="danger" wide icon="logout" busy=${busy} onClick=${leave}>${t('action.sign_out')}<//>
    </div>
  <//>`;
}
