/** Differences, one a line: what it was, an arrow, what it becomes; those that cost points say so. */
import { html } from '../../shared/js/view.js';
import { Badge, Icon } from '../../shared/js/components.js';
import { t } from '../../shared/js/i18n.js';
import { changeWords } from './change_words.js';

/** A scene that was not there: its id never changes later. All of it is new, so there is nothing to compare. */
export function isFresh(changes) {
  return changes.some(({ field, before }) => field === 'slug' && before === null);
}

/** What a change costs: points, unless its field says otherwise. */
const COSTS = { settlement_fen: 'change.costs_fen', stock: 'change.costs_fen', state: 'change.needs_two', kiosk_change: 'change.needs_two', limit_per_person: 'change.needs_two', active: 'change.needs_two' };

function Change({ change, context }) {
  const { label, place, before, after, long } = changeWords(change, context);
  return html`<li class=${`change${change.costs ? ' change-costs' : ''}${long ? ' change-long' : ''}`}>
    <p class="change-field"><b>${label || place}</b>${label && place && html` <span class="quiet">${place}</span>`}
      ${change.costs && html` <${Badge} tone="amber" icon="award">${t(COSTS[change.field] ?? 'change.costs')}<//>`}</p>
    <p class="change-values"><del>${before}</del><${Icon} name="arrow-right" small label=${t('change.becomes')} /><ins>${after}</ins></p>
  </li>`;
}

export function Changes({ changes, context }) {
  if (changes.length === 0) return html`<p class="quiet">${t('change.none')}</p>`;
  return html`<ul class="changes">${changes.map((change) => html`<${Change} key=${change.field} change=${change} context=${context} />`)}</ul>`;
}
