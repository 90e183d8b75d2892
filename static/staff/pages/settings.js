/** My account: who is signed in, how they sign in, how the pages look, and the way out. */
import { html, useState, useStore } from '../../shared/js/view.js';
import { Button, Cell, List } from '../../shared/js/components.js';
import { t } from '../../shared/js/i18n.js';
import { Looks } from '../../shared/js/looks.js';
import { session, signOut } from '../models/session.js';
import { Account } from './account.js';
import { ConsolePage } from './rail.js';
import { roleName } from './roles.js';

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
