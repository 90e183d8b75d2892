/** One scene: how to do it, where, what it gives, and where the number comes from. */
import { html, useLoaded } from '../../shared/js/view.js';
import { Badge, Button, Card, Cell, Empty, Failed, Icon, List, Loading, Page } from '../../shared/js/components.js';
import { decimal, points } from '../../shared/js/format.js';
import { inLanguage, language, t } from '../../shared/js/i18n.js';
import { back, to } from '../../shared/js/router.js';
import { loadScene, possibleToday, sourcesOf } from '../models/scenes.js';
import { closedSentence, sceneLeft, seasonWords, unitWord } from './scene_words.js';

const PROOF_ICONS = { GK: 'users', DK: 'qrcode', TK: 'ticket', ST: 'user-check', WT: 'weight', '2P': 'map-pin', VC: 'clipboard-check' };

export default function ScenePage({ part }) {
  const { state, value: scene, error, again } = useLoaded(() => loadScene(part), [part, language()]);
  return html`<${Page} title=${scene?.name ?? t('scenes.title')} onBack=${() => back('scenes')}>
    ${state === 'loading' && html`<${Loading} />`}
    ${state === 'failed' && html`<${Failed} error=${error} onRetry=${again} />`}
    ${state === 'ready' && (scene ? html`<${Scene} scene=${scene} />` : html`<${Empty} icon="zoom-question" title=${t('scene.unknown')}
      action=${html`<${Button} kind="line" href=${to('scenes')}>${t('scenes.title')}<//>`} />`)}
  <//>`;
}

function Scene({ scene }) {
  return html`<div class="stack">
    <${Card} class="scene-card">
      <span class="scene-icon"><${Icon} name=${scene.icon} /></span>
      <p class="scene-how">${scene.how}</p>
      <div class="scene-figures">
        <p><strong class="points figures">+${points(scene.points)}</strong>
          <span>${t('scene.points.per', { unit: unitWord(scene), count: scene.points })}</span></p>
        <p><strong class="grams figures">${decimal(scene.reduction_grams)} g</strong>
          <span>${t('scene.grams.per', { unit: unitWord(scene) })}</span></p>
      </div>
      <p class="scene-left"><${Icon} name=${scene.open ? 'calendar' : 'lock'} small /> ${sceneLeft(scene)}</p>
      ${!scene.open && html`<p class="scene-closed" role="note"><${Icon} name="info-circle" small /> ${closedSentence(scene)}</p>`}
      ${possibleToday(scene) && html`<${Button} kind="main" wide icon="scan" href=${to('scan')}>${t('home.scan')}<//>`}
    <//>
    <${Variants} scene=${scene} />
    <${Ways} scene=${scene} />
    <${Rules} scene=${scene} />
    <${Number} scene=${scene} />
  </div>`;
}

function Variants({ scene }) {
  if (!scene.variants || scene.variants.length < 2) return null;
  return html`<${List} label=${t('scene.variants')}>
    ${scene.variants.map((variant) => html`<${Cell} key=${variant.number} title=${variant.name}
      note=${t('scene.grams', { grams: decimal(variant.reduction_grams) })}
      value=${html`<strong class="points">+${points(variant.points)}</strong>`} />`)}
  <//>`;
}

function Ways({ scene }) {
  const ways = scene.proofs.map((proof) => ({ proof, places: scene.places.filter(({ proofs }) => proofs.includes(proof)) }));
  const offered = ways.filter(({ places }) => places.length);
  return html`<section>
    <h2 class="list-head">${t('scene.ways')}</h2>
    <ul class="list ways">${(offered.length ? offered : ways).map((way, place) => html`<li key=${way.proof}><${Way} ...${way} open=${place === 0} /></li>`)}</ul>
  </section>`;
}

const STEPS = [1, 2, 3];

/** One way of proof, step by step, and where it works. */
function Way({ proof, places, open }) {
  return html`<details class="way" open=${open}>
    <summary class="cell"><span class="cell-lead tone-sea"><${Icon} name=${PROOF_ICONS[proof] ?? 'scan'} /></span>
      <span class="cell-body"><span class="cell-title">${t(`proof.${proof}`)}</span><span class="cell-note">${t(`proof.${proof}.note`)}</span></span>
      <${Icon} name="chevron-down" look="cell-go" /></summary>
    <div class="way-steps">
      <ol>${STEPS.map((step) => html`<li key=${step}>${t(`proof.${proof}.${step}`)}</li>`)}</ol>
      ${places.length > 0 && html`<p class="way-places"><${Icon} name="map-pin" small /> <span class="small quiet">${t('scene.places')}</span>
        ${places.map(({ id, name }) => html`<a key=${id} class="place-link" href=${to('places', id)}>${name}</a>`)}</p>`}
    </div></details>`;
}

const DAY_SECONDS = 86_400;

function waitWords(seconds) {
  if (seconds > DAY_SECONDS && seconds % DAY_SECONDS === 0) return t('scene.wait.days', { count: seconds / DAY_SECONDS });
  if (seconds % 3600 === 0) return t('scene.wait.hours', { count: seconds / 3600 });
  return t('scene.wait.minutes', { count: Math.round(seconds / 60) });
}

function capWords(scene) {
  const { amount, period } = scene.cap;
  if (period === 'night') return t('scene.cap.night');
  return t('scene.cap', { amount, unit: unitWord(scene, amount), period: t(`period.${period}`) });
}

function Rules({ scene }) {
  return html`<${List} label=${t('scene.rules')}>
    <${Cell} key="cap" icon="scale" tone="grey" title=${capWords(scene)} />
    ${scene.cool_down_seconds > 0 && html`<${Cell} key="wait" icon="clock" tone="grey"
      title=${waitWords(scene.cool_down_seconds)} />`}
    <${Cell} key="who" icon="users" tone="grey" title=${t(`audience.${scene.audience}`)} />
    ${scene.season && html`<${Cell} key="season" icon="calendar" tone="grey" title=${t('scene.season', seasonWords(scene))} />`}
  <//>`;
}

/** Who published the number, in the reader's language, each with its address. */
function Sources({ factor }) {
  const { year, version } = factor;
  return html`<p class="small quiet">${t('scene.number.published', { year, version })}</p>
    <ul class="bullets small quiet">${sourcesOf(factor.source).map((source) => html`<li key=${source.zh}>${inLanguage(source)}
      ${source.address && html` <a href=${source.address} target="_blank" rel="noreferrer noopener">${t('scene.number.address')}</a>`}
    </li>`)}</ul>`;
}

/** Where the grams come from; an honest zero says why. */
function Number({ scene }) {
  const { factor } = scene;
  const zero = !factor || parseFloat(factor.value) === 0;
  return html`<section>
    <h2 class="list-head">${t('scene.number')}</h2>
    <${Card} class="stack-tight">
      <p>${zero ? t('scene.number.zero') : t('scene.number.factor', { value: decimal(factor.value), unit: unitWord(scene) })}</p>
      ${!zero && html`<${Sources} factor=${factor} />`}
      ${scene.note && html`<p class="small quiet">${scene.note}</p>`}
      <p class="small quiet">${t('scene.number.estimate')}</p>
      <p>${scene.attested
        ? html`<${Badge} icon="circle-check" tone="sea">${t('scene.attested')}<//>`
        : html`<${Badge} icon="info-circle">${t('scene.ours')}<//>`}</p>
    <//>
  </section>`;
}
