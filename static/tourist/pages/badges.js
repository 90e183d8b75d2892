/** Badges: a thank-you for acts, no level and no points. What is earned shines; the others say how far they are. */
import { html, useLoaded } from '../../shared/js/view.js';
import { Failed, Icon, Loading } from '../../shared/js/components.js';
import { language, t } from '../../shared/js/i18n.js';
import { loadBadges } from '../models/reductions.js';

export function Badges() {
  const { state, value, error, again } = useLoaded(loadBadges, [language()]);
  return html`<section>
    <h2 class="list-head">${t('badges.title')}${value && ` · ${t('badges.count', { earned: value.filter((one) => one.earned).length, all: value.length })}`}</h2>
    ${state === 'loading' && html`<${Loading} />`}
    ${state === 'failed' && html`<${Failed} error=${error} onRetry=${again} />`}
    ${value && html`<ul class="badges">${value.map((one) => html`<${Badge} key=${one.id} badge=${one} />`)}</ul>`}
  </section>`;
}

function Badge({ badge: { icon, name, how, done, needed, unit, earned } }) {
  const far = t('badges.far', { done, needed, unit: unit ? ` ${t(`unit.${unit}`, { count: needed })}` : '' });
  return html`<li class=${`badge-card${earned ? ' badge-earned' : ''}`}>
    <span class="badge-face"><${Icon} name=${icon} /></span>
    <strong>${name}</strong>
    <span class="small quiet">${how}</span>
    <span class="small badge-state">${earned ? html`<${Icon} name="check" small /> ${t('badges.earned')}` : far}</span>
  </li>`;
}
