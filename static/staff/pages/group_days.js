/** What a shared limit lets a member do of each of its scenes, before and after a change. */
import { html } from '../../shared/js/view.js';
import { t } from '../../shared/js/i18n.js';
import { periodName, unitName } from './scene_words.js';

function Days({ examples, period }) {
  if (examples.length === 0) return null;
  return html`<table class="examples">
    <caption>${t('groups.day', { period: periodName(period) })}</caption>
    <thead><tr><th scope="col">${t('column.scene')}</th><th scope="col" class="number">${t('groups.with_points')}</th></tr></thead>
    <tbody>${examples.map(({ scene, name, unit, before, after }) => html`<tr key=${scene}>
      <th scope="row">${name}</th>
      <td class="number">${before === after ? html`<span class="quiet">${after} ${unitName(unit, Number(after))}</span>`
        : html`<span class="quiet">${before} → </span><b class="points">${after}</b> <span class="quiet">${unitName(unit, Number(after))}</span>`}</td>
    </tr>`)}</tbody>
  </table>`;
}

/** As `changeWords` and `Preview` need it. */
export function groupContext({ points, period }) {
  return { document: { points }, examples: (examples) => html`<${Days} examples=${examples} period=${period} />` };
}
