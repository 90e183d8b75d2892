/** The variants in the editor: what each pays, how much one act may be, and which published figure stands behind it. */
import { html } from '../../shared/js/view.js';
import { Badge, Button } from '../../shared/js/components.js';
import { decimal } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { UNITS } from '../models/quantities.js';
import { VARIANTS_MAX, withUnit, withVariant } from '../models/scene_form.js';
import { LENGTHS } from '../models/scene_troubles.js';
import { BothLanguages } from './both_languages.js';
import { Amount, Select } from './entry_fields.js';
import { Source } from './scene_rule.js';
import { unitName } from './scene_words.js';

function factorOptions(factors, unit, chosen) {
  const fitting = [...factors.values()].filter((factor) => factor.unit === `g/${unit}`);
  const word = (factor) => `${factor.id} · ${decimal(factor.value)} ${factor.unit} · ${factor.source_tag} ${factor.year}`;
  const options = fitting.map((factor) => [factor.id, word(factor)]);
  return chosen && factors.has(chosen) ? options : [['', t('field.factor.choose')], ...options];
}

function Points({ edit, at }) {
  const { unit } = edit.form;
  const step = unit === 'kg' ? null : html`<${Amount} edit=${edit} field=${`${at}.step`} label=${t('field.step')} unit=${unitName(unit, 2)} />`;
  return html`<div class="fields-row">
    <${Amount} edit=${edit} field=${`${at}.points`} label=${t('field.points')} unit=${unit === 'kg' ? t('field.points.per_kg') : t('field.points.unit')} />${step}
    <${Amount} edit=${edit} field=${`${at}.min_quantity`} label=${t('field.min_quantity')} unit=${unitName(unit, 2)} />
    <${Amount} edit=${edit} field=${`${at}.max_quantity`} label=${t('field.max_quantity')} unit=${unitName(unit, 2)} /></div>`;
}

function Variant({ edit, position, factors }) {
  const at = `variants[${position}]`;
  const variant = edit.form.variants[position];
  const remove = () => edit.change((form) => ({ ...form, variants: form.variants.filter((_, index) => index !== position) }));
  const factor = edit.bind(`${at}.factor`);
  return html`<section class="variant stack-tight" aria-label=${t('change.variant', { number: variant.number, name: variant.name_zh })}>
    <header class="row spread"><h3>${t('variant.title', { number: variant.number })} ${position === 0 && html`<${Badge} tone="sea">${t('variant.default')}<//>`}</h3>
      ${edit.form.variants.length > 1 && position > 0 && html`<${Button} kind="quiet" icon="x" onClick=${remove}>${t('variant.remove')}<//>`}</header>
    <${BothLanguages} edit=${edit} field=${`${at}.name`} label=${t('field.name')} limit=${LENGTHS.name} />
    <${Points} edit=${edit} at=${at} />
    <${Select} label=${t('field.factor')} field=${`${at}.factor`} value=${variant.factor} options=${factorOptions(factors, edit.form.unit, variant.factor)} error=${factor.error} onChange=${factor.set} />
    ${factors.has(variant.factor) && html`<${Source} factor=${factors.get(variant.factor)} />`}
  </section>`;
}

/** `fresh`: a new scene, whose unit is still open. */
export function SceneVariants({ edit, factors, fresh }) {
  const { variants, unit } = edit.form;
  return html`<section class="card stack"><header class="row spread"><h2>${t('scene.variants')}</h2>
      ${!fresh && html`<span class="small quiet">${t('variant.counts', { unit: unitName(unit) })}</span>`}</header>
    ${fresh && html`<${Select} label=${t('field.unit')} value=${unit} options=${UNITS.map((each) => [each, unitName(each)])} onChange=${(next) => edit.change((form) => withUnit(form, next))} />`}
    ${variants.map((variant, position) => html`<${Variant} key=${variant.number} edit=${edit} position=${position} factors=${factors} />`)}
    ${variants.length < VARIANTS_MAX && html`<${Button} kind="line" icon="plus" onClick=${() => edit.change(withVariant)}>${t('variant.add')}<//>`}
  </section>`;
}
