/** The page after a sign-in with a one-time password: nothing else is possible yet. */
import { html } from '../../shared/js/view.js';
import { t } from '../../shared/js/i18n.js';
import { PasswordForm } from '../../shared/js/password_form.js';
import { changePassword } from '../models/account.js';
import { findSession, session } from '../models/session.js';
import { FirstThing } from './first_thing.js';

export function FirstPassword() {
  return html`<${FirstThing} title=${t('first_password.title')} text=${t('first_password.text')}>
    <${PasswordForm} login=${session.get().person?.login} change=${changePassword} onDone=${findSession} /><//>`;
}
