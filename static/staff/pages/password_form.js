/** A password of one's own: asked for after a one-time password, and to be changed at any time. */
import { html, useState } from '../../shared/js/view.js';
import { Button, Field } from '../../shared/js/components.js';
import { t } from '../../shared/js/i18n.js';
import { changePassword } from '../models/account.js';
import { findSession, session } from '../models/session.js';
import { FirstThing } from './first_thing.js';
import { Trouble, useAct } from './trouble.js';

const SHORTEST = 12;

export function PasswordForm({ onDone }) {
  const [entered, setEntered] = useState({ current: '', fresh: '', again: '' });
  const { busy, trouble, run } = useAct();
  const enter = (name) => (event) => setEntered((before) => ({ ...before, [name]: event.target.value }));
  const differ = entered.again !== '' && entered.again !== entered.fresh;
  const ready = entered.current && entered.fresh.length >= SHORTEST && entered.again === entered.fresh;
  const send = async (event) => {
    event.preventDefault();
    if (ready && (await run(() => changePassword(entered.current, entered.fresh)))) onDone();
  };
  const field = (name, more) => html`<${Field} type="password" required value=${entered[name]} onInput=${enter(name)} ...${more} />`;
  return html`<form class="stack" onSubmit=${send}>
    <input type="text" class="visually-hidden" tabindex="-1" aria-hidden="true" autocomplete="username" value=${session.get().person?.login} readonly />
    ${field('current', { label: t('account.password.current'), autocomplete: 'current-password' })}
    ${field('fresh', { label: t('account.password.fresh'), note: t('account.password.note', { count: SHORTEST }), autocomplete: 'new-password', minlength: SHORTEST })}
    ${field('again', { label: t('account.password.again'), error: differ ? t('account.password.differ') : '', autocomplete: 'new-password' })}
    <${Trouble} text=${trouble} />
    <${Button} kind="main" type="submit" busy=${busy} disabled=${!ready}>${t('account.password.save')}<//>
  </form>`;
}

/** The page after a sign-in with a one-time password: nothing else is possible yet. */
export function FirstPassword() {
  return html`<${FirstThing} title=${t('first_password.title')} text=${t('first_password.text')}><${PasswordForm} onDone=${findSession} /><//>`;
}
