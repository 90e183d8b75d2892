/** The factors behind a scene's grams in the editor: each with its number and source, and its fields once it is changed. */
import { html } from '../../shared/js/view.js';
import { Button } from '../../shared/js/components.js';
import { decimal } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { FACTOR_LENGTHS, factorForm, usedFactors } from '../models/factor_form.js';
import { BothLanguages, Text } from './both_languages.js';
import { Amount, Select } from './entry_fields.js';

function withFactor(id, entered) {
  return (form) => {
    const { [id]: _, ...others } = form.factors;
    return { ...form, factors: entered ? { ...others, [id]: entered } : others };
  };
}

function Fields({ edit, factor, methodologies }) {
  const at = `factors.${factor.id}`;
  const methodology = edit.bind(`${at}.methodology`);
  return html`<div class="fields-row">
      <${Amount} edit=${edit} field=${`${at}.value`} label=${t('field.value')} unit=${factor.unit} />
      <${Amount} edit=${edit} field=${`${at}.year`} label=${t('field.year')} note=${t('factor.year.note')} />
      <${Select} label=${t('field.methodology')} field=${`${at}.methodology`} value=${methodology.value} error=${methodology.error} onChange=${methodology.set}
        options=${methodologies.map(({ id, name }) => [id, name])} /></div>
    <${Text} edit=${edit} field=${`${at}.source`} label=${t('field.source')} limit=${FACTOR_LENGTHS.source} rows="3" />
    <${Amount} edit=${edit} field=${`${at}.source_tag`} label=${t('field.source_tag')} note=${t('factor.source_tag.note')} />
    <${BothLanguages} edit=${edit} field=${`${at}.note`} label=${t('field.note')} limit=${FACTOR_LENGTHS.note} rows="3" />`;
}

function Factor({ edit, factor, methodologies }) {
  const entered = edit.form.factors[factor.id];
  const turn = () => edit.change(withFactor(factor.id, entered ? null : factorForm(factor)));
  return html`<section class="variant stack-tight" aria-label=${t('change.factor', { factor: factor.id })}>
    <header class="row spread"><h3>${factor.id} <span class="quiet">v${factor.version} · ${decimal(factor.value)} ${factor.unit}</span></h3>
      <${Button} kind="quiet" icon=${entered ? 'x' : 'edit'} onClick=${turn}>${t(entered ? 'factor.keep' : 'factor.change')}<//></header>
    ${entered && html`<${Fields} edit=${edit} factor=${factor} methodologies=${methodologies} />`}
  </section>`;
}

/** `known` is {factors by id, methodologies}. */
export function SceneFactors({ edit, known }) {
  const used = usedFactors(edit.form).filter((id) => known.factors.has(id));
  if (used.length === 0) return null;
  return html`<section class="card stack"><h2>${t('factor.title')}</h2><p class="small quiet">${t('factor.note')}</p>
    ${used.map((id) => html`<${Factor} key=${id} edit=${edit} factor=${known.factors.get(id)} methodologies=${known.methodologies} />`)}
  </section>`;
}
