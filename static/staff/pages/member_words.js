/** Words for a member: the name, the kind, and what is said where an answer was lost. */
import { html } from '../../shared/js/view.js';
import { Badge } from '../../shared/js/components.js';
import { t } from '../../shared/js/i18n.js';

const KINDS = { guest: ['grey', 'user'], visitor: ['sea', 'ship'], resident: ['pine', 'home'] };

export function memberName({ nickname }) {
  return nickname || t('members.unnamed');
}

export function KindBadge({ kind }) {
  const [tone, icon] = KINDS[kind];
  return html`<${Badge} tone=${tone} icon=${icon}>${t(`kind.${kind}`)}<//>`;
}

/** Why a keyed call did not go: without an answer nobody knows, and pressing again is safe. */
export function troubleOfOnce({ trouble, error }) {
  return error?.code === 'unreachable' ? t('act.unsure') : trouble;
}
