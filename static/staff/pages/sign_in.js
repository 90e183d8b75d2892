/** Sign in to the console; the second factor is asked for when the server asks. */
import { html, useRef, useEffect, useState } from '../../shared/js/view.js';
import { Button, Field, Mark, QuickChoices, Ridge } from '../../shared/js/components.js';
import { t } from '../../shared/js/i18n.js';
import { signIn } from '../models/session.js';

const SECOND_FACTOR = ['totp_missing', 'totp', 'staff_recovery_code'];

function SecondFactor({ lost, value, trouble, onInput }) {
  const box = useRef(null);
  useEffect(() => box.current.querySelector('input').focus(), []);
  const said = lost
    ? { label: t('sign_in.recovery_code'), note: t('sign_in.recovery_code.note'), autocomplete: 'off', autocapitalize: 'characters', spellcheck: false, maxlength: 24 }
    : { label: t('sign_in.totp'), note: t('sign_in.totp.note'), inputmode: 'numeric', autocomplete: 'one-time-code', maxlength: 6, pattern: '[0-9]{6}' };
  return html`<div ref=${box}><${Field} required value=${value} error=${trouble} onInput=${onInput} ...${said} /></div>`;
}

export function SignIn() {
  const [entered, setEntered] = useState({ login: '', password: '', totp: '', recovery_code: '' });
  const [lost, setLost] = useState(false);
  const [why, setWhy] = useState(null);
  const [trouble, setTrouble] = useState('');
  const [busy, setBusy] = useState(false);
  const enter = (name) => (event) => setEntered((before) => ({ ...before, [name]: event.target.value }));
  const asksFactor = SECOND_FACTOR.includes(why);
  const factorName = lost ? 'recovery_code' : 'totp';
  const send = async (event) => {
    event.preventDefault();
    setBusy(true);
    setTrouble('');
    await signIn(entered.login.trim(), entered.password, asksFactor ? { [factorName]: entered[factorName].trim() } : {}).catch((error) => {
      const reason = error.problem?.why ?? null;
      setWhy(reason);
      setTrouble(reason === 'totp_missing' ? '' : error.detail || t('sign_in.offline'));
      setBusy(false);
    });
  };
  return html`
    <main class="sign-in">
      <div class="sign-in-scene"><${Ridge} /></div>
      <form class="sign-in-card stack" onSubmit=${send}>
        <header class="sign-in-head"><span class="brand"><${Mark} />${t('product')}</span><${QuickChoices} /></header>
        <h1>${t('console.title')}</h1>
        <${Field} label=${t('sign_in.login')} value=${entered.login} autocomplete="username" autocapitalize="none" spellcheck=${false} required onInput=${enter('login')} />
        <${Field} label=${t('sign_in.password')} type="password" value=${entered.password} autocomplete="current-password" required
          error=${asksFactor ? '' : trouble} onInput=${enter('password')} />
        ${asksFactor && html`<${SecondFactor} key=${factorName} lost=${lost} value=${entered[factorName]} trouble=${trouble} onInput=${enter(factorName)} />`}
        <${Button} kind="main" wide type="submit" busy=${busy} disabled=${!entered.login.trim() || !entered.password}>${t('action.sign_in')}<//>
        ${asksFactor && html`<${Button} kind="quiet" onClick=${() => { setLost(!lost); setTrouble(''); }}>${t(lost ? 'sign_in.use_totp' : 'sign_in.lost')}<//>`}
      </form>
    </main>`;
}
