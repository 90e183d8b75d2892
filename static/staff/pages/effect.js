/** What points that come or go do to a balance: before, an arrow, after; and the debt in a sentence. */
import { html } from '../../shared/js/view.js';
import { Icon } from '../../shared/js/components.js';
import { count } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { balanceAfter } from '../models/members.js';

function Change({ name, before, after }) {
  return html`<div class="change"><p class="change-field"><b>${name}</b></p>
    <p class="change-values"><span>${count(before)}</span><${Icon} name="arrow-right" small label=${t('change.becomes')} /><ins>${count(after)}</ins></p></div>`;
}

export function Effect({ points, balance }) {
  const { available, debt, paid, short } = balanceAfter(points, balance);
  return html`<div class="stack-tight">
    <div class="effect" role="group" aria-label=${t('effect.title')}>
      <${Change} name=${t('column.available')} before=${balance.available} after=${available} />
      ${(balance.debt > 0 || debt > 0) && html`<${Change} name=${t('column.debt')} before=${balance.debt} after=${debt} />`}
    </div>
    ${short > 0 && html`<p class="with-icon amber"><${Icon} name="alert-triangle" small /><span>${t('effect.short', { points: count(short) })}</span></p>`}
    ${paid > 0 && html`<p class="with-icon"><${Icon} name="info-circle" small /><span>${t('effect.paid', { points: count(paid) })}</span></p>`}
  </div>`;
}
