/** Items of a kiosk's journal in words: what happened, what became of it, and the acts that came of it. */
import { html } from '../../shared/js/view.js';
import { Badge, StateBadge } from '../../shared/js/components.js';
import { dayTime, signedPoints } from '../../shared/js/format.js';
import { hasWords, t } from '../../shared/js/i18n.js';
import { to } from '../../shared/js/router.js';
import { resultOf } from '../models/journal.js';
import { may } from '../models/session.js';

const LOOKS = {
  credited: ['pine', 'circle-check'], noted: ['grey', 'check'], pending: ['amber', 'hourglass'], duplicate: ['grey', 'copy'], refused: ['red', 'ban'],
};
const ICONS = { boot: 'power', issued: 'ticket', read: 'scan', clock: 'clock', unreadable: 'help' };

export function itemName(kind) {
  return t(`journal.kind.${kind}`);
}

export function itemIcon(kind) {
  return ICONS[kind] ?? 'file-text';
}

export function ResultBadge({ kind, result }) {
  const { word } = resultOf(kind, result);
  const [tone, icon] = LOOKS[word] ?? ['grey', 'help'];
  return html`<${Badge} tone=${tone} icon=${icon}>${t(`journal.result.${word}`)}<//>`;
}

/** Why it was refused, empty where it was not. */
export function refusedWhy(result) {
  const { code } = resultOf('read', result);
  if (!code) return '';
  return hasWords(`journal.code.${code}`) ? t(`journal.code.${code}`) : code;
}

/** The acts that came of it; one that waits leads to its review. */
export function ActLinks({ acts }) {
  if (acts.length === 0) return null;
  const named = (act) => (act.state === 'pending' && may('staff_read_review') ? html`<a href=${to('reviews', act.id)}>${act.name}</a>` : html`<b>${act.name}</b>`);
  return html`<section class="stack-tight"><h3>${t('journal.acts')}</h3><ul class="review-others">
    ${acts.map((act) => html`<li key=${act.id}><p>${named(act)} <${StateBadge} state=${act.state} /></p>
      <p class="small quiet">${[act.state === 'credited' && t('journal.points', { points: signedPoints(act.points) }), dayTime(act.occurred_at), act.place, act.reason_text].filter(Boolean).join(' · ')}</p></li>`)}</ul></section>`;
}
