/** The state of a version: colour, icon and word together. */
import { html } from '../../shared/js/view.js';
import { Badge } from '../../shared/js/components.js';
import { hasWords, t } from '../../shared/js/i18n.js';

const LOOKS = {
  asked: ['amber', 'hourglass'], approved: ['sea', 'calendar'], in_force: ['pine', 'circle-check'], ended: ['grey', 'history'],
  rejected: ['red', 'ban'], withdrawn: ['grey', 'arrow-back-up'],
};

export function VersionBadge({ state }) {
  const [tone, icon] = LOOKS[state] ?? ['grey', 'help'];
  return html`<${Badge} tone=${tone} icon=${icon}>${t(`version.${state}`)}<//>`;
}

/** In a table: nothing, or what is on its way. */
export function WaitingBadge({ waiting }) {
  return waiting ? html`<${VersionBadge} state=${waiting.state} />` : html`<span class="quiet">–</span>`;
}

/** Why a version is there; the system's own first ones say it with a word. */
export function reasonWords({ asked_by: person, reason }) {
  return !person && hasWords(`first_reason.${reason}`) ? t(`first_reason.${reason}`) : reason;
}

/** The name of who did it; the island itself made the first versions. */
export function personName(person) {
  return person?.name ?? (typeof person === 'string' ? person : t('version.by_system'));
}
