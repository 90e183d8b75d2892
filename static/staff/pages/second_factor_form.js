/** A new second factor: the password, then the QR code and its digits, then ten recovery codes. */
import { html, useState } from '../../shared/js/view.js';
import { Button, Field } from '../../shared/js/components.js';
import { t } from '../../shared/js/i18n.js';
import { QrCode } from '../../shared/js/qr.js';
import { Trouble, useAct } from '../../shared/js/acting.js';
import { beginSecondFactor, confirmSecondFactor } from '../models/account.js';
import { findSession } from '../models/session.js';
import { FirstThing } from './first_thing.js';
import { RecoveryCodes } from './shown_once.js';

function grouped(secret) {
  return secret.match(/.{1,4}/g).join(' ');
}

function Step({ field, word, act, children }) {
  const [value, setValue] = useState('');
  const { busy, trouble, run } = useAct();
  const send = async (event) => {
    event.preventDefault();
    await run(() => act(value));
  };
  return html`<form class="stack" onSubmit=${send}>${children}
    <${Field} required value=${value} onInput=${(event) => setValue(event.target.value)} ...${field} />
    <${Trouble} text=${trouble} /><${Button} kind="main" type="submit" busy=${busy} disabled=${!value}>${word}<//></form>`;
}

/** `onConfirmed` is called at once, `onKept` when the person has noted the recovery codes; without it nobody asks. */
export function SecondFactorForm({ onConfirmed = () => {}, onKept }) {
  const [made, setMade] = useState(null);
  const [codes, setCodes] = useState(null);
  if (codes) {
    return html`<p role="status">${t('account.factor.holds')}</p><${RecoveryCodes} codes=${codes} />
      ${onKept && html`<${Button} kind="main" icon="check" onClick=${onKept}>${t('first_factor.kept')}<//>`}`;
  }
  if (!made) {
    const field = { label: t('sign_in.password'), type: 'password', autocomplete: 'current-password' };
    return html`<${Step} key="password" field=${field} word=${t('account.factor.show')} act=${async (password) => setMade(await beginSecondFactor(password))}><p>${t('account.factor.why')}</p><//>`;
  }
  const confirm = async (digits) => { setCodes(await confirmSecondFactor(digits)); onConfirmed(); };
  const field = { label: t('sign_in.totp'), inputmode: 'numeric', autocomplete: 'one-time-code', maxlength: 6, pattern: '[0-9]{6}' };
  return html`<${Step} key="digits" field=${field} word=${t('account.factor.confirm')} act=${confirm}>
    <p>${t('account.factor.scan')}</p>
    <div class="factor-code"><${QrCode} text=${made.link} label=${t('account.factor.code')} /></div>
    <p class="small">${t('account.factor.or_type')} <code class="factor-secret">${grouped(made.secret)}</code></p>
  <//>`;
}

/** The page of who has a role that asks for a second factor and has none yet: nothing else is possible. */
export function FirstSecondFactor() {
  return html`<${FirstThing} title=${t('first_factor.title')} text=${t('first_factor.text')}><${SecondFactorForm} onKept=${findSession} /><//>`;
}
