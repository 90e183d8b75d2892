/** Narrowing the list of what waits: why, where, which scene, how old, whose. */
import { html, useLoaded } from '../../shared/js/view.js';
import { Button } from '../../shared/js/components.js';
import { keysBelow, t } from '../../shared/js/i18n.js';
import { readKiosks } from '../models/kiosks.js';
import { AGES } from '../models/reviews.js';
import { readScenes } from '../models/scenes.js';

function Choose({ name, value, options, onChange }) {
  return html`<label class="filter"><span class="visually-hidden">${t(`reviews.by_${name}`)}</span>
    <select value=${value} onChange=${(event) => onChange({ [name]: event.target.value })}>
      <option value="">${t(`reviews.any_${name}`)}</option>
      ${options.map(([key, words]) => html`<option key=${key} value=${key} selected=${key === value}>${words}</option>`)}
    </select></label>`;
}

export function ReviewFilters({ filters, onChange, narrowed, onClear }) {
  const { value: kiosks } = useLoaded(readKiosks);
  const { value: scenes } = useLoaded(readScenes);
  const choices = {
    reason: keysBelow('reason.').map((reason) => [reason, t(`reason.${reason}`)]),
    kiosk: (kiosks ?? []).map(({ id, venue }) => [id, `${id} · ${venue}`]),
    scene: (scenes ?? []).map(({ id, name }) => [id, name]),
    days: AGES.map((days) => [String(days), t('reviews.days', { count: days })]),
  };
  return html`${Object.entries(choices).map(([name, options]) => html`<${Choose} key=${name} name=${name} value=${filters[name]} options=${options} onChange=${onChange} />`)}
    ${filters.member && html`<span class="small quiet">${t('reviews.one_member')}</span>`}
    ${narrowed && html`<${Button} kind="plain" icon="x" onClick=${onClear}>${t('reviews.clear')}<//>`}`;
}
