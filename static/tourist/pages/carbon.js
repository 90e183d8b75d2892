/** My carbon: what my acts came to by day and by scene, what that is in plain things, and my badges. */
import { html, useLoaded, useState } from '../../shared/js/view.js';
import { Button, Card, Cell, Empty, Failed, Icon, List, Loading, Page, Segments } from '../../shared/js/components.js';
import { count, day, decimal, grams, month, points, signedPoints } from '../../shared/js/format.js';
import { inLanguage, language, t } from '../../shared/js/i18n.js';
import { back, to } from '../../shared/js/router.js';
import { everyDay, loadReductions } from '../models/reductions.js';
import { sourcesOf } from '../models/scenes.js';
import { Badges } from './badges.js';
import { Bars, Share } from './bar_chart.js';

const TONES = { reduction_grams: 'sea', points: 'pine' };

export default function Carbon() {
  const [asked, setAsked] = useState(null);
  const { state, value, error, again } = useLoaded(() => loadReductions(asked), [asked, language()]);
  const empty = value && !value.total.acts && !value.earlier && !value.later;
  return html`<${Page} title=${t('carbon.title')} onBack=${() => back('')}>
    ${state === 'loading' && html`<${Loading} />`}
    ${state === 'failed' && html`<${Failed} error=${error} onRetry=${again} />`}
    ${value && html`<div class="stack">
      ${empty ? html`<${Nothing} />` : html`<${InAll} shown=${value} /><${Month} shown=${value} error=${error} onChoose=${setAsked} />`}
      <${Badges} />
      <p class="legal carbon-legal">${t('carbon.estimate')}</p>
    </div>`}
  <//>`;
}

function Nothing() {
  return html`<${Empty} icon="leaf" title=${t('carbon.empty')} action=${html`
    <${Button} kind="main" icon="scan" href=${to('scan')}>${t('home.scan')}<//>`}>${t('carbon.empty.text')}<//>`;
}

/** All grams of all time, and the plain things they come to. */
function InAll({ shown: { reduction_grams: saved, comparisons } }) {
  return html`<${Card} class="carbon-all">
    <p class="quiet">${t('carbon.all')}</p>
    <p class="carbon-figure grams"><strong>${grams(saved)}</strong> CO₂e</p>
    ${comparisons.length > 0 && html`<ul class="stack-tight">${comparisons.map((one) => html`<li key=${one.id} class="with-mark">
      <${Icon} name=${one.icon} small /> <span>${t(`comparison.${one.id}`, { amount: decimal(one.amount) })}</span></li>`)}</ul>
      <${Method} comparisons=${comparisons} />`}
  <//>`;
}

/** Who published what it is compared with, and how it is counted. */
function Method({ comparisons }) {
  return html`<details class="fold"><summary>${t('comparison.method')}</summary>
    <div class="stack-tight small quiet">
      <p>${t('comparison.how')}</p>
      <ul class="bullets">${comparisons.map((one) => sourcesOf(one.source).map((source) => html`<li key=${source.zh}>
        ${t(`comparison.${one.id}.factor`, { value: decimal(one.value), year: one.year })} ${inLanguage(source)}
        ${source.address && html` <a href=${source.address} target="_blank" rel="noreferrer noopener">${t('scene.number.address')}</a>`}</li>`))}</ul>
    </div></details>`;
}

function Month({ shown, error, onChoose }) {
  const [figure, setFigure] = useState('reduction_grams');
  const options = Object.keys(TONES).map((name) => ({ value: name, label: t(`carbon.${name}`) }));
  return html`<section class="stack">
    <div class="carbon-month">
      <${Button} icon="chevron-left" aria-label=${t('carbon.earlier')} disabled=${!shown.earlier} onClick=${() => onChoose(shown.earlier)} />
      <h2 aria-live="polite">${month(shown.month)}</h2>
      <${Button} icon="chevron-right" aria-label=${t('carbon.later')} disabled=${!shown.later} onClick=${() => onChoose(shown.later)} />
    </div>
    ${error && html`<p class="field-error" role="alert"><${Icon} name="wifi-off" small /> ${t('carbon.month.offline')}</p>`}
    <${Segments} label=${t('carbon.figure')} hideLabel name="figure" options=${options} value=${figure} onChange=${setFigure} />
    <${Days} shown=${shown} figure=${figure} />
    <${Scenes} scenes=${shown.scenes} figure=${figure} />
  </section>`;
}

function words(figure, value) {
  return figure === 'points' ? t('unit.points.count', { points: points(value), count: value }) : grams(value);
}

function Days({ shown, figure }) {
  const days = everyDay(shown.days);
  if (!days.length) return html`<p class="quiet">${t('carbon.month.empty')}</p>`;
  const best = days.reduce((one, other) => (other[figure] > one[figure] ? other : one));
  const most = best[figure] > 0 && t('carbon.most', { day: day(best.day), amount: words(figure, best[figure]) });
  return html`<${Card} class="carbon-days">
    <p class="spread row"><span class="quiet">${t('carbon.sum')}</span>
      <strong class=${figure === 'points' ? 'points' : 'grams'}>${words(figure, shown.total[figure])}</strong></p>
    <${Bars} values=${days.map((one) => one[figure])} tone=${TONES[figure]} label=${most || t('carbon.month.none')} />
    <p class="spread row small quiet"><span>${day(days[0].day)}</span><span>${day(days.at(-1).day)}</span></p>
    ${most && html`<p class="small">${most}</p>`}
    <${Table} days=${shown.days} />
  <//>`;
}

/** What the bars say, in figures. */
function Table({ days }) {
  return html`<details class="fold"><summary>${t('carbon.table')}</summary><table class="figures-table">
    <thead><tr><th scope="col">${t('carbon.day')}</th><th scope="col">${t('carbon.acts')}</th><th scope="col">${t('carbon.points')}</th><th scope="col">${t('carbon.reduction_grams')}</th></tr></thead>
    <tbody>${days.map((one) => html`<tr key=${one.day}><th scope="row">${day(one.day)}</th><td>${count(one.acts)}</td>
      <td class="points">${signedPoints(one.points)}</td><td class="grams">${grams(one.reduction_grams)}</td></tr>`)}</tbody>
  </table></details>`;
}

/** Each scene with what it brought; those that claim no grams say so by an honest zero. */
function Scenes({ scenes, figure }) {
  if (!scenes.length) return null;
  const sorted = [...scenes].sort((one, other) => other[figure] - one[figure]);
  const most = sorted[0][figure];
  return html`<${List} label=${t('carbon.scenes')}>${sorted.map((one) => html`<${Cell} key=${one.id} icon=${one.icon} tone=${TONES[figure]}
    title=${one.name} note=${t('carbon.times', { count: one.acts })} href=${to('scenes', one.id)}
    value=${html`<span class=${`nowrap ${figure === 'points' ? 'points' : 'grams'}`}>${words(figure, one[figure])}</span>`}>
    <${Share} value=${one[figure]} most=${most} tone=${TONES[figure]} /><//>`)}<//>`;
}
