/** A password of one's own: asked for after a one-time password, and to be changed at any time. */
import { html, useState, useStore } from '../../shared/js/view.js';
import { Button, Field, Mark, QuickChoices } from '../../shared/js/components.js';
import { t } from '../../shared/js/i18n.js';
import { changePassword } from '../models/people.js';
import { session, signOut } from '../models/session.js';
import { Trouble, useAct } from './acting.js';

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
    ${field('current', { label: t('password.current'), autocomplete: 'current-password' })}
    ${field('fresh', { label: t('password.fresh'), note: t('password.note', { count: SHORTEST }), autocomplete: 'new-password', minlength: SHORTEST })}
    ${field('again', { label: t('password.again'), error: differ ? t('password.differ') : '', autocomplete: 'new-password' })}
    <${Trouble} text=${trouble} />
    <${Button} kind="main" wide type="submit" busy=${busy} disabled=${!ready}>${t('password.save')}<//>
  </form>`;
}

/** The page after a sign-in with a one-time password: nothing else is possible yet. */
export function FirstPassword() {
  const { merchant, person } = useStore(session);
  return html`<main class="page sign-in">
    <header class="sign-in-head"><span class="brand"><${Mark} />${t('product')}</span><${QuickChoices} /></header>
    <h1>${t('password.first')}</h1>
    <p class="quiet">${t('password.first.text', { name: person?.name ?? '', shop: merchant?.name ?? '' })}</p>
    <${PasswordForm} onDone=${() => {}} />
    <${Button} kind="quiet" wide onClick=${signOut}>${t('action.sign_out')}<//>
  </main>`;
}
