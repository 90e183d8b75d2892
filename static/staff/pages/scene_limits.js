/** The rest of a rule in the editor: limits, who and when, ways of proof, and how the scene looks. */
import { html } from '../../shared/js/view.js';
import { Field } from '../../shared/js/components.js';
import { t } from '../../shared/js/i18n.js';
import { groupName } from '../models/groups.js';
import { AUDIENCES, CAP_SCOPES, CLASSES, COOL_DOWN_UNITS, PERIODS, PROOFS } from '../models/scene_form.js';
import { Amount, Select, Tick, Ticks } from './entry_fields.js';
import { IconChoice } from './icon_choice.js';
import { className, periodName, proofNames, unitName } from './scene_words.js';

const named = (values, name) => values.map((value) => [value, name(value)]);

function groupWord({ id, points, period }) {
  return t('field.cap_group.of', { name: groupName(id), points, period: periodName(period) });
}

function CoolDown({ edit }) {
  const { value, set } = edit.bind('cool_down');
  const error = edit.error('cool_down_seconds');
  return html`<${Field} id="cool-down" label=${t('column.cool_down')} note=${t('field.cool_down.note')} error=${error}><span class="amount-and-unit">
    <input id="cool-down" inputmode="numeric" autocomplete="off" data-field="cool_down_seconds" aria-invalid=${Boolean(error)} value=${value.amount} onInput=${(event) => set({ ...value, amount: event.target.value })} />
    <select aria-label=${t('column.unit')} value=${value.unit} onChange=${(event) => set({ ...value, unit: event.target.value })}>
      ${Object.keys(COOL_DOWN_UNITS).map((unit) => html`<option key=${unit} value=${unit} selected=${unit === value.unit}>${t(`time.${unit}`)}</option>`)}</select></span><//>`;
}

export function Limits({ edit, groups }) {
  const { unit, cap_group: group } = edit.form;
  const choice = (field) => { const { value, set, error } = edit.bind(field); return { field, value, onChange: set, error }; };
  return html`<section class="card stack"><h2>${t('scene.limits')}</h2>
    <div class="fields-row"><${Amount} edit=${edit} field="cap" label=${t('column.cap')} unit=${unitName(unit, 2)} />
      <${Select} label=${t('column.period')} options=${named(PERIODS, periodName)} ...${choice('period')} />
      <${Select} label=${t('field.cap_scope')} options=${named(CAP_SCOPES, (scope) => t(`cap_scope.${scope}`))} ...${choice('cap_scope')} /></div>
    <div class="fields-row"><${Select} label=${t('scene.cap_group')} options=${[['', t('field.cap_group.none')], ...groups.map((each) => [each.id, groupWord(each)])]} ...${choice('cap_group')} />
      <${CoolDown} edit=${edit} /></div>
    ${group && html`<p class="small quiet">${t('field.cap_group.note')}</p>`}
    <${Amount} edit=${edit} field="exclusive_group" label=${t('field.exclusive_group')} note=${t('field.exclusive_group.note')} />
  </section>`;
}

function Season({ edit }) {
  const { value, set, error } = edit.bind('season');
  const days = (position) => (event) => set(value.map((day, index) => (index === position ? event.target.value.trim() : day)));
  return html`<div class="stack-tight" data-field="season" tabindex="-1">
    <${Tick} label=${t('field.season.limited')} note=${t('field.season.note')} value=${value !== null} onChange=${(limited) => set(limited ? ['04-01', '10-31'] : null)} />
    ${value && html`<div class="fields-row">${['first', 'last'].map((name, position) => html`
      <${Amount} key=${name} label=${t(`field.season.${name}`)} field="season" edit=${{ bind: () => ({ value: value[position], error: position === 0 ? error : '', onInput: days(position) }) }} unit=${t('field.season.unit')} />`)}</div>`}
  </div>`;
}

export function People({ edit }) {
  const proofs = edit.bind('proofs');
  const audience = edit.bind('audience');
  return html`<section class="card stack"><h2>${t('scene.people')}</h2>
    <${Ticks} label=${t('column.proofs')} field="proofs" options=${PROOFS.map((proof) => [proof, proofNames([proof])[0]])} value=${proofs.value} error=${proofs.error} onChange=${proofs.set} />
    <${Select} label=${t('scene.audience')} options=${named(AUDIENCES, (each) => t(`audience.${each}`))} value=${audience.value} onChange=${audience.set} />
    <${Season} edit=${edit} />
  </section>`;
}

export function Look({ edit }) {
  const [icon, sceneClass, attested, active] = ['icon', 'scene_class', 'attested', 'active'].map(edit.bind);
  return html`<section class="card stack"><h2>${t('scene.look')}</h2>
    <div class="fields-row"><${IconChoice} value=${icon.value} onChange=${icon.set} />
      <${Select} label=${t('column.class')} options=${named(CLASSES, className)} value=${sceneClass.value} onChange=${sceneClass.set} /></div>
    <${Tick} label=${t('field.attested.label')} note=${t('field.attested.note')} value=${attested.value} onChange=${attested.set} />
    <${Tick} label=${t('field.paused.label')} note=${t('field.paused.note')} value=${!active.value} onChange=${(paused) => active.set(!paused)} />
  </section>`;
}
