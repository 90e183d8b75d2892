/**
 * Home: what I have and what it gets, the way to the scanner, what is done today and what is still possible, and the
 * island's places. Whoever reads nothing else can earn and spend from here.
 */
import { html, useLoaded, useStore } from '../../shared/js/view.js';
import { Button, Cell, Failed, Icon, List, Loading, Mark, Page, QuickChoices, Ridge } from '../../shared/js/components.js';
import { count, day, grams, points } from '../../shared/js/format.js';
import { language, t } from '../../shared/js/i18n.js';
import { to } from '../../shared/js/router.js';
import { member, refreshMember } from '../models/session.js';
import { island } from '../models/arrival.js';
import { placesOf, possibleThere } from '../models/places.js';
import { keptScans } from '../models/scans.js';
import { doneToday, loadScenes, possibleToday, suggested } from '../models/scenes.js';
import { loadItems, nextItem } from '../models/shop.js';
import { Share } from './bar_chart.js';
import { useAsOf } from './as_of.js';
import { useJustIn } from './just_in.js';
import { sceneNote, scenePoints, unitWord } from './scene_words.js';

const SUGGESTED = 4;

export default function Home() {
  const me = useStore(member);
  const here = useStore(island);
  const refreshed = useLoaded(refreshMember, [language()]);
  const scenes = useLoaded(loadScenes, [language(), me?.balance?.available]);
  useJustIn(scenes.again);
  if (me?.reduction_grams === undefined) {
    return html`<${Page} title=${t('product')}>
      ${refreshed.state === 'failed' ? html`<${Failed} error=${refreshed.error} onRetry=${refreshed.again} />` : html`<${Loading} />`}
    <//>`;
  }
  return html`<${Page} class="home" title=${here?.name ?? t('product')} lead=${html`<${Mark} label=${t('product')} />`}>
    <${Balance} me=${me} />
    <${Waiting} />
    <${Goal} me=${me} />
    <${Today} me=${me} scenes=${scenes} />
    <${Places} scenes=${scenes.value} />
    <${Further} />
    <${IslandToday} here=${here} />
    <${QuickChoices} />
  <//>`;
}

function Balance({ me }) {
  const { available, held, debt, expiring: [soon] } = me.balance;
  const asOf = useAsOf();
  return html`<section class="balance-card" aria-label=${t('home.balance')}>
    <p class="balance-label">${[t('home.balance'), asOf].filter(Boolean).join(' · ')}</p>
    <p class=${`balance-figure figures${asOf ? ' balance-old' : ''}`}><strong>${points(available)}</strong> <span>${t('unit.points.of', { count: available })}</span></p>
    <a class="balance-note balance-grams" href=${to('carbon')}><${Icon} name="leaf" small /> <span>${t('home.grams', { grams: grams(me.reduction_grams) })}</span></a>
    <a class="balance-note" href=${to('history')}><${Icon} name="history" small /><span>${t('home.history')}</span></a>
    ${held > 0 && html`<a class="balance-note" href=${to('vouchers')}>
      <${Icon} name="ticket" small /><span>${t('home.held', { points: points(held) })}</span></a>`}
    ${soon && html`<a class="balance-note amber" href=${to('after')}>
      <${Icon} name="clock" small /><span>${t('home.expiring', { points: points(soon.points), day: day(soon.on) })}</span></a>`}
    ${debt > 0 && html`<a class="balance-note red" href=${to('history')}>
      <${Icon} name="info-circle" small /><span>${t('home.debt', { points: points(debt) })}</span></a>`}
    <div class="balance-actions">
      <${Button} kind="main" icon="scan" href=${to('scan')}>${t('home.scan')}<//>
      <${Button} kind="line" icon="qrcode" href=${to('code')}>${t('home.code')}<//>
    </div>
    <${Ridge} />
  </section>`;
}

/** Scans that have not reached the server yet, or were refused while nobody looked. */
function Waiting() {
  const scans = useStore(keptScans);
  const kept = scans.filter((scan) => scan.state === 'kept').length;
  const refused = scans.filter((scan) => scan.state === 'refused').length;
  if (!kept && !refused) return null;
  return html`<${List}>
    ${kept > 0 && html`<${Cell} key="kept" icon="device-mobile" tone="grey" href=${to('history')}
      title=${t('home.kept', { count: kept })} note=${t('home.kept.note')} />`}
    ${refused > 0 && html`<${Cell} key="refused" icon="ban" tone="red" href=${to('history')}
      title=${t('home.refused', { count: refused })} />`}
  <//>`;
}

const STEPS = ['leaf', 'scan', 'gift'];

/** What the points get, or how near the next thing is; before the first points, how it goes in three words. */
function Goal({ me }) {
  const { value } = useLoaded(loadItems, [language(), me.balance.available]);
  const { available, held } = me.balance;
  if (!available && !held && !me.reduction_grams) {
    return html`<ol class="home-steps">${STEPS.map((icon, step) => html`<li key=${icon}><${Icon} name=${icon} /><span>${t(`home.step.${step + 1}`)}</span></li>`)}</ol>`;
  }
  const item = value && nextItem(value);
  if (!item) return null;
  const missing = item.points_missing + me.balance.debt;
  const title = item.available ? t('home.goal.have', { item: item.name, points: points(item.points), count: item.points })
    : t('home.goal.missing', { item: item.name, points: points(missing), count: missing });
  return html`<${List}><${Cell} icon="gift" title=${title} note=${t('home.goal.note', { merchant: item.merchant.name })} href=${to('shop', item.id)} /><//>`;
}

function Today({ me, scenes: { state, value, error, again } }) {
  if (!value && state === 'loading') return html`<${Loading} label=${t('home.today.loading')} />`;
  if (!value) return html`<${Failed} error=${error} onRetry=${again} />`;
  const [done, possible] = [value.filter(doneToday), value.filter(possibleToday)];
  return html`<section class="stack-tight">
    ${done.length > 0 && html`<${Done} scenes=${done} possible=${possible} />`}
    <${List} label=${t('home.today')}>
      ${suggested(value, SUGGESTED).map((scene) => html`<${Cell} key=${scene.id} icon=${scene.icon} title=${scene.name}
        note=${sceneNote(scene)} value=${scenePoints(scene)} href=${to('scenes', scene.id)} />`)}
      ${!possible.length && html`<${Cell} key="none" icon="circle-check" title=${t('home.today.all')} note=${t('home.today.all.note')} />`}
    <//>
    <${Ceiling} ceilings=${me.ceilings} />
    <a class="more" href=${to('scenes')}>${t('home.all_scenes', { count: value.length })}</a>
  </section>`;
}

/** What brought something today, each with how often of how often. */
function Done({ scenes, possible }) {
  const all = new Set([...scenes, ...possible]).size;
  return html`<details class="card home-done"><summary><span class="row spread"><strong><${Icon} name="circle-check" small /> ${t('home.done', { done: scenes.length, all })}</strong>
      <${Icon} name="chevron-down" look="cell-go" /></span><${Share} value=${scenes.length} most=${all} tone="pine" /></summary>
    <ul>${scenes.map((scene) => html`<li key=${scene.id}><a class="row spread" href=${to('scenes', scene.id)}><span>${scene.name}</span>
      <span class="quiet figures">${t('home.done.of', { done: scene.done, most: scene.cap.amount, unit: unitWord(scene, scene.cap.amount) })}</span></a></li>`)}</ul>
  </details>`;
}

/** A guest's points are limited; it is better to know before than after. */
function Ceiling({ ceilings }) {
  if (!ceilings) return null;
  return html`<p class="small quiet">${t('home.ceilings', { today: points(ceilings.today_left), total: points(ceilings.total_left) })}</p>`;
}

/** Where: each place with how many things can still be done there today. */
function Places({ scenes }) {
  if (!scenes) return null;
  return html`<section>
    <h2 class="list-head">${t('home.places')}</h2>
    <ul class="places">${placesOf(scenes).map((place) => html`<li key=${place.id}><a class="place" href=${to('places', place.id)}>
      <${Icon} name="map-pin" small /><span>${place.name}</span><span class="small quiet">${t('home.place', { count: possibleThere(place) })}</span></a></li>`)}</ul>
  </section>`;
}

function Further() {
  return html`<${List}>
    <${Cell} key="carbon" icon="chart-bar" tone="sea" title=${t('carbon.title')} note=${t('home.carbon.note')} href=${to('carbon')} />
    <${Cell} key="after" icon="ship" tone="sea" title=${t('after.title')} note=${t('home.after.note')} href=${to('after')} />
  <//>`;
}

function IslandToday({ here }) {
  if (!here?.today) return null;
  const { acts, reduction_grams: saved } = here.today;
  return html`<section class="island-today">
    <h2>${t('home.island')}</h2>
    <p><${Icon} name="users" small /> <strong class="figures">${count(acts)}</strong> ${t('home.island.acts', { count: acts })}</p>
    <p class="grams"><${Icon} name="leaf" small /> <strong class="figures">${grams(saved)}</strong> ${t('home.island.grams')}</p>
  </section>`;
}
