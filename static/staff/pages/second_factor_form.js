/** A new second factor: the password, then the QR code and its digits, then ten recovery codes. */
import { html, useState } from '../../shared/js/view.js';
import { Button, Field } from '../../shared/js/components.js';
import { t } from '../../shared/js/i18n.js';
import { QrCode } from '../../shared/js/qr.js';
import { beginSecondFactor, confirmSecondFactor } from '../models/account.js';
import { RecoveryCodes } from './shown_once.js';
import { Trouble, useAct } from './trouble.js';

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

export function SecondFactorForm({ onConfirmed }) {
  const [made, setMade] = useState(null);
  const [codes, setCodes] = useState(null);
  if (codes) return html`<p>${t('account.factor.holds')}</p><${RecoveryCodes} codes=${codes} />`;
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
