/** One scene in full: the rule in force, its variants, and where each number comes from. */
import { html } from '../../shared/js/view.js';
import { Badge, Icon } from '../../shared/js/components.js';
import { day, decimal } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { Drawer, Facts } from './drawer.js';
import { attestedWord, capOf, className, coolDown, gramsOf, proofNames, unitName } from './scene_words.js';

/** The first rules have no beginning that means anything: they were there when the books were opened. */
function versionOf({ version, starts_at: startsAt }) {
  return startsAt && Date.parse(startsAt) > 0 ? t('scene.version_from', { version, day: day(startsAt) }) : `v${version}`;
}

function Rule({ scene }) {
  return html`<${Facts} facts=${[
    [t('column.cap'), capOf(scene)],
    [t('scene.cap_group'), scene.cap_group],
    [t('column.cool_down'), coolDown(scene.cool_down_seconds)],
    [t('column.proofs'), html`<ul class="proofs">${proofNames(scene.proofs).map((name) => html`<li key=${name}>${name}</li>`)}</ul>`],
    [t('scene.audience'), t(`audience.${scene.audience}`)],
    [t('scene.season'), scene.season ? scene.season.join(' – ') : t('scene.all_year')],
    [t('column.attested'), attestedWord(scene.attested)],
    [t('column.version'), versionOf(scene)],
  ]} />`;
}

function Variant({ variant, scene }) {
  const grams = variant.grams_per_unit ?? variant.reduction_grams;
  const unit = unitName(scene.unit);
  return html`
    <li class="variant">
      <h3>${variant.number} · ${variant.name}</h3>
      <p><span class="points">${variant.points}</span> ${t('scene.points_per', { points: variant.points, unit })}${' · '}
        <span class="grams">${gramsOf(grams)}</span> ${t('scene.per', { unit })}</p>
      ${typeof variant.factor === 'string' && html`<p class="small quiet">${t('scene.factor')} ${variant.factor}</p>`}
    </li>`;
}

function Source({ factor, grams }) {
  if (Number(grams) === 0) return html`<p class="honest"><${Icon} name="scale" small /> ${t('scene.nothing_claimed')}</p>`;
  if (!factor) return html`<p class="quiet">${t('scene.source_missing')}</p>`;
  return html`<${Facts} facts=${[
    [t('scene.factor'), `${decimal(factor.value)} ${factor.unit}`],
    [t('scene.source'), [factor.source_tag, factor.source].filter(Boolean).join(' · ')],
    [t('scene.year'), factor.year],
    [t('scene.methodology'), factor.methodology],
    [t('scene.factor_version'), factor.version],
  ]} />`;
}

export function SceneDrawer({ scene, onClose }) {
  return html`
    <${Drawer} title=${scene.name} onClose=${onClose}>
      <header class="drawer-head"><span class="cell-lead"><${Icon} name=${scene.icon} /></span>
        <div><p class="small quiet">${scene.number} · ${scene.id}</p><h2>${scene.name}</h2></div></header>
      <p class="row"><${Badge} tone="sea">${className(scene.class)}<//>
        ${scene.active === false && html`<${Badge} tone="amber" icon="ban">${t('scene.paused')}<//>`}</p>
      ${scene.how && html`<p>${scene.how}</p>`}
      <section><h3 class="drawer-title">${t('scene.rule')}</h3><${Rule} scene=${scene} /></section>
      <section><h3 class="drawer-title">${t('scene.variants')}</h3><ul class="variants">
        ${scene.variants.map((variant) => html`<${Variant} key=${variant.number} variant=${variant} scene=${scene} />`)}</ul></section>
      <section><h3 class="drawer-title">${t('scene.where_from')}</h3><${Source} factor=${scene.factor} grams=${scene.grams} />
        ${scene.note && html`<p class="quiet small">${scene.note}</p>`}</section>
    <//>`;
}
