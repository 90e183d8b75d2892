/** The five tabs; scanning stands in the middle. */
import { html } from '../../shared/js/view.js';
import { Icon } from '../../shared/js/components.js';
import { to } from '../../shared/js/router.js';
import { t } from '../../shared/js/i18n.js';

/** Pages that have the tab bar below them. */
export const TABS = ['home', 'scenes', 'scan', 'shop', 'me'];
const ICONS = { home: 'home', scenes: 'leaf', scan: 'scan', shop: 'gift', me: 'user' };

export function Tabs({ current }) {
  return html`<nav class="tabs" aria-label=${t('tabs.label')}>
    ${TABS.map((name) => html`<a key=${name} class=${`tab tab-${name}`} href=${to(name === 'home' ? '' : name)}
      aria-current=${name === current ? 'page' : null}>
      <span class="tab-icon"><${Icon} name=${ICONS[name]} /></span><span class="tab-word">${t(`tabs.${name}`)}</span>
    </a>`)}
  </nav>`;
}
