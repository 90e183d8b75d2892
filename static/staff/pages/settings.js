/** My account: who is signed in, how they sign in, how the pages look, and the way out. */
import { html, useState, useStore } from '../../shared/js/view.js';
import { Button, Cell, List, Segments } from '../../shared/js/components.js';
import { language, setLanguage, t } from '../../shared/js/i18n.js';
import { preferences, setPreference } from '../../shared/js/preferences.js';
import { session, signOut } from '../models/session.js';
import { Account } from './account.js';
import { ConsolePage } from './rail.js';
import { roleName } from './roles.js';

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

export function Settings() {
  const { person } = useStore(session);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState('');
  const leave = () => {
    setBusy(true);
    signOut().catch((error) => {
      setTrouble(error.detail || t('sign_out.offline'));
      setBusy(false);
    });
  };
  return html`<${ConsolePage} title=${t('account.title')}>
    <div class="stack settings">
      <${List}><${Cell} key="me" icon="user-circle" title=${person.name} note=${`${person.login} · ${person.roles.map(roleName).join(', ')}`} /><//>
      <${Account} />
      <h2 class="list-head">${t('console.settings')}</h2><${Looks} />
      ${trouble && html`<p class="field-error" role="alert">${trouble}</p>`}
      <${Button} kind="danger" wide icon="logout" busy=${busy} onClick=${leave}>${t('action.sign_out')}<//>
    </div>
  <//>`;
}
