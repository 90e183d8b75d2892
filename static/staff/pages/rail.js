/** The console's frame: where I am, where I can go, who I am. */
import { html, useStore } from '../../shared/js/view.js';
import { Icon, Mark } from '../../shared/js/components.js';
import { t } from '../../shared/js/i18n.js';
import { to } from '../../shared/js/router.js';
import { island } from '../models/island.js';
import { may, session } from '../models/session.js';

const PLACES = [
  ['', 'home', 'today.title'], ['scenes', 'leaf', 'scenes.title'], ['kiosks', 'device-tablet', 'kiosks.title'],
  ['people', 'users', 'people.title', 'staff_list_people'], ['audit', 'history', 'audit.title', 'staff_list_audit'],
];

export function Rail({ current }) {
  const { person } = useStore(session);
  const here = useStore(island);
  return html`
    <header class="rail">
      <p class="rail-mark"><${Mark} /><span>${t('product')}<small>${here?.name ?? t('console.title')}</small></span></p>
      <nav class="rail-places" aria-label=${t('console.places')}>
        ${PLACES.filter(([, , , needs]) => may(needs)).map(([name, icon, word]) => html`
          <a key=${name} href=${to(name)} aria-current=${name === current ? 'page' : null}><${Icon} name=${icon} small />${t(word)}</a>`)}
      </nav>
      <a class="rail-person" href=${to('settings')} aria-current=${current === 'settings' ? 'page' : null}>
        <${Icon} name="user-circle" /><span>${person.name}<small>${t('account.title')}</small></span>
      </a>
    </header>`;
}

/** A page of the console: its title, what can be done with the whole page, and its content. */
export function ConsolePage({ title, note, actions, children }) {
  return html`
    <main class="console-page">
      <div class="console-head"><h1 id="title" tabindex="-1">${title}</h1>${note && html`<p class="quiet small">${note}</p>`}
        ${actions && html`<div class="console-actions">${actions}</div>`}</div>
      ${children}
    </main>`;
}
