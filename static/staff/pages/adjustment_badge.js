/** How a request stands: colour, icon and word together. */
import { html } from '../../shared/js/view.js';
import { Badge } from '../../shared/js/components.js';
import { t } from '../../shared/js/i18n.js';

const LOOKS = {
  asked: ['amber', 'hourglass'], approved: ['pine', 'circle-check'], rejected: ['red', 'ban'], withdrawn: ['grey', 'arrow-back-up'], expired: ['grey', 'clock'],
};

export function AdjustmentBadge({ state }) {
  const [tone, icon] = LOOKS[state] ?? ['grey', 'help'];
  return html`<${Badge} tone=${tone} icon=${icon}>${t(`adjustment.${state}`)}<//>`;
}
