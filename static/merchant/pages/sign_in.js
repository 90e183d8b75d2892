/** Sign in at the counter. */
import { html, useState } from '../../shared/js/view.js';
import { Button, Field, Mark, QuickChoices, Ridge } from '../../shared/js/components.js';
import { t } from '../../shared/js/i18n.js';
import { signIn } from '../models/session.js';

export function SignIn() {
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const [trouble, setTrouble] = useState('');
  const [busy, setBusy] = useState(false);
  const send = async (event) => {
    event.preventDefault();
    setBusy(true);
    setTrouble('');
    await signIn(login.trim(), password).catch((error) => {
      setTrouble(error.detail || t('counter.sign_in.offline'));
      setBusy(false);
    });
  };
  return html`
    <main class="page sign-in">
      <header class="sign-in-head"><span class="brand"><${Mark} />${t('product')}</span><${QuickChoices} /></header>
      <div class="sign-in-scene"><${Ridge} /></div>
      <h1>${t('counter.sign_in.title')}</h1>
      <p class="quiet">${t('counter.sign_in.lead')}</p>
      <form class="stack" onSubmit=${send}>
        <${Field} label=${t('counter.sign_in.login')} value=${login} autocomplete="username" autocapitalize="none" spellcheck=${false}
          required onInput=${(event) => setLogin(event.target.value)} />
        <${Field} label=${t('counter.sign_in.password')} type="password" value=${password} autocomplete="current-password" error=${trouble}
          required onInput=${(event) => setPassword(event.target.value)} />
        <${Button} kind="main" wide type="submit" busy=${busy} disabled=${!login.trim() || !password}>${t('action.sign_in')}<//>
      </form>
    </main>`;
}
