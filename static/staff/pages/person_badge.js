/** How a person signs in, in one word: colour, icon and word together. */
import { html } from '../../shared/js/view.js';
import { Badge } from '../../shared/js/components.js';
import { t } from '../../shared/js/i18n.js';
import { stateOf } from '../models/people.js';

const STATES = { well: ['pine', 'shield-check'], no_factor: ['amber', 'alert-triangle'], once: ['sea', 'key'], blocked: ['red', 'ban'] };

export function PersonBadge({ person }) {
  const state = stateOf(person);
  const [tone, icon] = STATES[state];
  return html`<${Badge} tone=${tone} icon=${icon}>${t(`person.${state}`)}<//>`;
}
