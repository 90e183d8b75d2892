/** What an act would bring before and after the change. */
import { html } from '../../shared/js/view.js';
import { count } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { unitName } from './scene_words.js';

const written = (value, unit) => (value === null || value === undefined ? '–' : `${count(value)}${unit}`);

function Figures({ before, after, unit = '', look }) {
  if (before === after) return html`<span class="quiet">${written(after, unit)}</span>`;
  return html`<span class="quiet">${written(before, unit)} → </span><b class=${look}>${written(after, unit)}</b>`;
}

const differs = (each) => each.points_before !== each.points_after || each.grams_before !== each.grams_after;

/** Nothing where no act would bring anything else than before. */
export function Examples({ examples, unit }) {
  if (!examples.some(differs)) return null;
  return html`<table class="examples">
    <caption>${t('examples.title')}</caption>
    <thead><tr><th scope="col">${t('examples.act')}</th><th scope="col" class="number">${t('column.points')}</th><th scope="col" class="number">${t('column.grams')}</th></tr></thead>
    <tbody>${examples.map((each) => html`<tr key=${each.variant}>
      <th scope="row">${each.name} <span class="quiet nowrap">${each.quantity} ${unitName(unit, each.quantity)}</span></th>
      <td class="number"><${Figures} before=${each.points_before} after=${each.points_after} look="points" /></td>
      <td class="number"><${Figures} before=${each.grams_before} after=${each.grams_after} unit=" g" look="grams" /></td>
    </tr>`)}</tbody>
  </table>`;
}
