/** What has to be done about one's own sign-in before the console opens: a page with nothing else on it. */
import { html } from '../../shared/js/view.js';
import { Button, Mark, QuickChoices, Ridge } from '../../shared/js/components.js';
import { t } from '../../shared/js/i18n.js';
import { signOut } from '../models/session.js';

export function FirstThing({ title, text, children }) {
  return html`<main class="sign-in">
    <div class="sign-in-scene"><${Ridge} /></div>
    <div class="sign-in-card stack">
      <header class="sign-in-head"><span class="brand"><${Mark} />${t('product')}</span><${QuickChoices} /></header>
      <h1>${title}</h1>${text && html`<p>${text}</p>`}
      ${children}
      <${Button} kind="quiet" icon="logout" onClick=${() => signOut().catch(() => {})}>${t('action.sign_out')}<//>
    </div>
  </main>`;
}
