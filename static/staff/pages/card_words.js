/** Words for a card: its state, its short number, and its sheet as a file. */
import { html } from '../../shared/js/view.js';
import { Badge } from '../../shared/js/components.js';
import { t } from '../../shared/js/i18n.js';
import { cardSheets } from '../models/cards.js';
import { download } from './download.js';

const STATES = { valid: ['pine', 'circle-check'], expired: ['amber', 'clock'], revoked: ['grey', 'ban'] };
const SHORT = 6;   // as printed on the card

export function CardBadge({ state }) {
  const [tone, icon] = STATES[state];
  return html`<${Badge} tone=${tone} icon=${icon}>${t(`card.${state}`)}<//>`;
}

export function cardNumber({ id }) {
  return `No. ${id.slice(-SHORT).toUpperCase()}`;
}

export async function downloadSheets(ids) {
  download('resident-cards.pdf', await cardSheets(ids), 'application/pdf');
  return true;
}
