/** A password of one's own: asked for after a one-time password, and to be changed at any time. */
import { html, useState } from './view.js';
import { Button, Field } from './components.js';
import { t } from './i18n.js';
import { Trouble, useAct } from './acting.js';

const SHORTEST = 12;

/** `change(current, fresh)` asks the server, `onDone` comes after it; `login` tells a password manager whose it is. */
export function PasswordForm({ login, wide = false, change, onDone = () => {} }) {
  const [entered, setEntered] = useState({ current: '', fresh: '', again: '' });
  const { busy, trouble, run } = useAct();
  const enter = (name) => (event) => setEntered((before) => ({ ...before, [name]: event.target.value }));
  const differ = entered.again !== '' && entered.again !== entered.fresh;
  const ready = entered.current && entered.fresh.length >= SHORTEST && entered.again === entered.fresh;
  const send = async (event) => {
    event.preventDefault();
    if (ready && (await run(() => change(entered.current, entered.fresh)))) onDone();
  };
  const field = (name, more) => html`<${Field} type="password" required value=${entered[name]} onInput=${enter(name)} ...${more} />`;
  return html`<form class="stack" onSubmit=${send}>
    ${login && html`<input type="text" class="visually-hidden" tabindex="-1" aria-hidden="true" autocomplete="username" value=${login} readonly />`}
    ${field('current', { label: t('password.current'), autocomplete: 'current-password' })}
    ${field('fresh', { label: t('password.fresh'), note: t('password.note', { count: SHORTEST }), autocomplete: 'new-password', minlength: SHORTEST })}
    ${field('again', { label: t('password.again'), error: differ ? t('password.differ') : '', autocomplete: 'new-password' })}
    <${Trouble} text=${trouble} />
    <${Button} kind="main" wide=${wide} type="submit" busy=${busy} disabled=${!ready}>${t('password.save')}<//>
  </form>`;
}
