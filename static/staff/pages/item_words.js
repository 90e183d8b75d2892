/** How items and merchants are told apart at a glance: state, stock, and what waits. */
import { html } from '../../shared/js/view.js';
import { Badge } from '../../shared/js/components.js';
import { t } from '../../shared/js/i18n.js';

const ITEM_LOOKS = { offered: ['pine', 'circle-check'], sold_out: ['amber', 'alert-triangle'], paused: ['grey', 'ban'], new: ['sea', 'sparkles'] };
const MERCHANT_LOOKS = { active: ['pine', 'circle-check'], suspended: ['red', 'ban'] };

export function ItemBadge({ item }) {
  const [tone, icon] = ITEM_LOOKS[item.state];
  return html`<${Badge} tone=${tone} icon=${icon}>${t(`item.${item.state}`)}<//>`;
}

export function MerchantBadge({ state }) {
  const [tone, icon] = MERCHANT_LOOKS[state];
  return html`<${Badge} tone=${tone} icon=${icon}>${t(`merchant.${state}`)}<//>`;
}

/** In a table: whether something waits for a second person. */
export function Waits({ waits }) {
  return waits ? html`<${Badge} tone="amber" icon="hourglass">${t('version.asked')}<//>` : html`<span class="quiet">–</span>`;
}
