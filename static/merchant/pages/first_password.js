/** The page after a sign-in with a one-time password: nothing else is possible yet. */
import { html, useStore } from '../../shared/js/view.js';
import { Button, Mark, QuickChoices } from '../../shared/js/components.js';
import { t } from '../../shared/js/i18n.js';
import { PasswordForm } from '../../shared/js/password_form.js';
import { changePassword } from '../models/people.js';
import { session, signOut } from '../models/session.js';

export function FirstPassword() {
  const { merchant, person } = useStore(session);
  return html`<main class="page sign-in">
    <header class="sign-in-head"><span class="brand"><${Mark} />${t('product')}</span><${QuickChoices} /></header>
    <h1>${t('password.first')}</h1>
    <p class="quiet">${t('password.first.text', { name: person?.name ?? '', shop: merchant?.name ?? '' })}</p>
    <${PasswordForm} wide change=${changePassword} />
    <${Button} kind="quiet" wide onClick=${signOut}>${t('action.sign_out')}<//>
  </main>`;
}
