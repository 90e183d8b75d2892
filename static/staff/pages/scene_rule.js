/** A scene's rule as a document has it: the limits, the variants with where each number comes from, and the texts. */
import { html } from '../../shared/js/view.js';
import { Icon } from '../../shared/js/components.js';
import { decimal } from '../../shared/js/format.js';
import { language, t } from '../../shared/js/i18n.js';
import { groupName } from '../models/groups.js';
import { Facts } from './drawer.js';
import { monthDay } from './moments.js';
import { attestedWord, capWords, coolDown, gramsOf, proofNames, quantitiesOf, stepWords, unitName } from './scene_words.js';

function Limits({ document }) {
  return html`<${Facts} facts=${[
    [t('column.cap'), `${capWords(document)} · ${t(`cap_scope.${document.cap_scope}`)}`],
    [t('scene.cap_group'), document.cap_group && groupName(document.cap_group)],
    [t('column.cool_down'), coolDown(document.cool_down_seconds)],
    [t('field.exclusive_group'), document.exclusive_group],
    [t('column.proofs'), html`<ul class="proofs">${proofNames(document.proofs).map((name) => html`<li key=${name}>${name}</li>`)}</ul>`],
    [t('scene.audience'), t(`audience.${document.audience}`)],
    [t('scene.season'), document.season ? document.season.map(monthDay).join(' – ') : t('scene.all_year')],
    [t('column.attested'), attestedWord(document.attested)],
  ]} />`;
}

/** Where the grams of a factor come from. */
export function Source({ factor }) {
  if (!factor) return html`<p class="quiet small">${t('scene.source_missing')}</p>`;
  if (Number(factor.value) === 0) return html`<p class="honest small"><${Icon} name="scale" small /> ${t('scene.nothing_claimed')}</p>`;
  return html`<details class="source"><summary>${t('scene.where_from')} · ${factor.year}</summary>
    <${Facts} facts=${[
      [t('scene.factor'), `${decimal(factor.value)} ${factor.unit}`], [t('scene.source'), factor.source], [t('field.source_tag'), factor.source_tag],
      [t('scene.year'), factor.year], [t('scene.methodology'), factor.methodology], [t('scene.factor_version'), `${factor.id} v${factor.version}`],
      [t('field.note'), factor[`note_${language()}`]],
    ]} /></details>`;
}

function Variant({ variant, factor }) {
  return html`
    <li class="variant">
      <h3>${variant.number} · ${variant[`name_${language()}`]}</h3>
      <p class="variant-figures"><span><b class="points">${variant.points}</b> ${t('scene.points_word', { points: variant.points })} <span class="quiet">${stepWords(variant)}</span></span>
        <span><b class="grams">${factor ? gramsOf(factor.value) : '–'}</b> <span class="quiet">${t('scene.per', { unit: unitName(variant.unit) })}</span></span>
        <span><span class="quiet">${t('variant.one_act')}</span> ${quantitiesOf(variant)}</span></p>
      <${Source} factor=${factor} />
    </li>`;
}

function Texts({ document }) {
  const both = (name) => html`<div class="both"><p lang="zh-CN">${document[`${name}_zh`]}</p><p lang="en">${document[`${name}_en`]}</p></div>`;
  return html`<${Facts} facts=${['name', 'how', 'note'].map((name) => [t(`field.${name}`), both(name)])} />`;
}

export function SceneRule({ document, factors }) {
  const byId = new Map(factors.map((factor) => [factor.id, factor]));
  return html`
    <section class="card"><h2>${t('scene.variants')}</h2><ul class="variants">
      ${document.variants.map((variant) => html`<${Variant} key=${variant.number} variant=${variant} factor=${byId.get(variant.factor)} />`)}</ul></section>
    <section class="card"><h2>${t('scene.rule')}</h2><${Limits} document=${document} /></section>
    <section class="card"><h2>${t('scene.texts')}</h2><${Texts} document=${document} /></section>`;
}
