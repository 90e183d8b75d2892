/** Who is signed in, how the pages look, and the way out. */
import { html, useState, useStore } from '../../shared/js/view.js';
import { Button, Cell, List, Page, Segments, toast } from '../../shared/js/components.js';
import { hasWords, language, setLanguage, t } from '../../shared/js/i18n.js';
import { preferences, setPreference } from '../../shared/js/preferences.js';
import { back, to } from '../../shared/js/router.js';
import { isOwner, session, signOut } from '../models/session.js';
import { PasswordForm } from './password_form.js';

function Looks() {
  const { theme, text } = useStore(preferences);
  const named = (name, values) => values.map((value) => ({ value, label: t(`preference.${name}.${value}`) }));
  return html`<section class="card stack">
    <${Segments} label=${t('preference.language')} name="language" value=${language()} onChange=${setLanguage}
      options=${[{ value: 'zh', label: '中文' }, { value: 'en', label: 'English' }]} />
    <${Segments} label=${t('preference.text')} name="text" value=${text} onChange=${(value) => setPreference('text', value)} options=${named('text', [0, 1, 2])} />
    <${Segments} label=${t('preference.theme')} name="theme" value=${theme} onChange=${(value) => setPreference('theme', value)} options=${named('theme', ['auto', 'light', 'dark'])} />
  </section>`;
}

/** One's own password, behind a button: nobody changes it every day. */
function OwnPassword() {
  const [open, setOpen] = useState(false);
  const done = () => { setOpen(false); toast(t('password.changed')); };
  if (!open) return html`<${Button} kind="line" wide icon="key" onClick=${() => setOpen(true)}>${t('password.change')}<//>`;
  return html`<section class="card"><${PasswordForm} onDone=${done} /></section>`;
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
