/** The screen that waits: the island, its figures of today, what can be done here, and where to touch. */
import { html, useEffect, useState, useStore } from '../../shared/js/view.js';
import { inLanguage, t } from '../../shared/js/i18n.js';
import { count, grams } from '../../shared/js/format.js';
import { Icon } from '../../shared/js/components.js';
import { group, showGroup } from '../models/group.js';
import { groupScenes, isOpen } from '../models/machine.js';
import { isReading, readyScene } from '../models/reading.js';
import { begin } from '../models/visit.js';
import { Eye, HoldHere } from './eye.js';
import { GroupCode } from './group.js';
import { Earned, Offer } from './offer.js';
import { Panorama } from './panorama.js';

const OFFERS_SHOWN = 3;

/** Three scenes of the place, without those whose live code already stands on the screen. */
function offersOf(state, live) {
  return state.scenes.filter((scene) => !live.includes(scene)).slice(0, OFFERS_SHOWN);
}

function Figures({ today }) {
  if (!today) return null;
  return html`
    <dl class="today">
      <div class="today-figure figure-sea"><dt>${t('kiosk.today_grams')}</dt><dd>${grams(today.grams)}</dd></div>
      <div class="today-figure figure-pine"><dt>${t('kiosk.today_acts')}</dt><dd>${count(today.acts)}</dd></div>
    </dl>`;
}

function Begin({ state }) {
  if (!isOpen(state)) return html`<p class="begin begin-closed" role="status"><${Icon} name="alert-triangle" />${t(state.issuing ? 'kiosk.no_scene' : 'kiosk.closed')}</p>`;
  return html`
    <button type="button" class="begin">
      <${Icon} name="hand-finger" /><span>${t('kiosk.begin')}</span><span class="begin-other" lang=${t('kiosk.begin_other_lang')}>${t('kiosk.begin_other')}</span>
    </button>`;
}

/** An act is kept ready: showing the code is all there is to do. */
function Ready({ state, visit, scene }) {
  const stay = (event) => event.stopPropagation();
  return html`
    <section class="ready" onClick=${stay}>
      <${Eye} state=${state} paused=${visit.busy} />
      <div class="ready-words">
        <div class="group-what"><${Icon} name=${scene.icon} /><strong>${inLanguage(scene.name)}</strong><${Earned} scene=${scene} /></div>
        <${HoldHere} state=${state} />
        ${state.clerk && html`<p class="quiet">${t('kiosk.on_duty', { clerk: state.clerk })}</p>`}
      </div>
    </section>`;
}

export function Attract({ state, visit }) {
  const live = groupScenes(state);
  const ready = readyScene(state);
  const [chosen, setChosen] = useState(null);
  const scene = ready ? null : live.find(({ number }) => number === chosen) ?? live[0] ?? null;
  useEffect(() => showGroup(scene?.number ?? null), [scene?.number]);
  useEffect(() => () => showGroup(null), []);
  const standing = useStore(group);
  const offers = offersOf(state, ready ? [ready] : live);
  const look = scene ? 'attract attract-group' : `attract${ready ? ' attract-group attract-ready' : ''}`;
  return html`
    <div class=${look} onClick=${() => isOpen(state) && begin(state)}>
      <div class="scenery"><${Panorama} /></div>
      <div class="attract-words">
        <h1>${t('kiosk.title')}</h1>
        <${Figures} today=${state.today} />
      </div>
      ${scene && html`<${GroupCode} scenes=${live} scene=${scene} standing=${standing} onChoose=${setChosen} />`}
      ${ready && html`<${Ready} state=${state} visit=${visit} scene=${ready} />`}
      ${!ready && !scene && isReading(state) && html`<p class="reads-codes"><${Icon} name="id" />${t('kiosk.reads_codes')}</p>`}
      ${offers.length > 0 && html`<section class="offers" aria-label=${t('kiosk.here')}>
        ${offers.map((each) => html`<${Offer} key=${each.number} scene=${each} />`)}
      </section>`}
      <${Begin} state=${state} />
    </div>`;
}
