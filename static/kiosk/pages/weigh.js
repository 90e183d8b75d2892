/** The scale: the live weight, what to do with the bag, and the points that it can earn at most. */
import { html, useEffect } from '../../shared/js/view.js';
import { inLanguage, t } from '../../shared/js/i18n.js';
import { count } from '../../shared/js/format.js';
import { Icon } from '../../shared/js/components.js';
import { addLine, lineOf } from '../models/reading.js';
import { issue } from '../models/visit.js';
import { beginWeighing, finishWeighing, leaveWeighing, loadScale } from '../models/weighing.js';
import { kilogramsWritten } from './basket.js';
import { SceneHead } from './offer.js';
import { Refused } from './show.js';

const STATE_ICONS = {
  empty_first: 'alert-triangle', ready: 'weight', settling: 'hourglass', tip: 'trash', too_light: 'alert-triangle',
  too_heavy: 'alert-triangle', pause: 'clock', scale_away: 'plug-off',
};
const SIMULATED_BAGS = [640, 1_250, 3_400];

function Bags({ weighing }) {
  if (weighing.bags.length === 0) return null;
  return html`
    <p class="bags">${t('kiosk.weigh.bags', { bags: weighing.bags.length })}
      <b>${weighing.bags.map(kilogramsWritten).join(' + ')} = ${kilogramsWritten(weighing.total_grams)} ${t('kiosk.unit.kg')}</b></p>`;
}

function Live({ weighing, scene }) {
  const { state, grams } = weighing;
  const over = weighing.total_grams > weighing.counted_grams + 9;
  return html`
    <div class=${`scale scale-${state}`}>
      <output class="scale-weight"><b>${grams === null ? '—' : kilogramsWritten(grams)}</b> ${t('kiosk.unit.kg')}</output>
      <p class="scale-say" role="status"><${Icon} name=${STATE_ICONS[state]} /><span>${t(`kiosk.weigh.${state}`, { seconds: weighing.seconds_left })}</span></p>
      <${Bags} weighing=${weighing} />
      ${weighing.points_up_to > 0 && html`<p class="promise">${t('kiosk.weigh.promise', { points: count(weighing.points_up_to), cap: scene.cap, unit: t(`kiosk.unit.${scene.unit}`, { amount: scene.cap }) })}</p>`}
      ${over && html`<p class="quiet">${t('kiosk.weigh.over')}</p>`}
    </div>`;
}

/** The ways to take a finished weighing along; the first one is the main key. */
function Ways({ visit }) {
  const { scene, weighing, busy, basket } = visit;
  const toBasket = () => addLine(lineOf(scene, { weighing: weighing.id, grams: weighing.counted_grams }));
  const ways = [
    scene.ways.member && ['member', 'id', toBasket],
    scene.ways.ticket && basket.length === 0 && ['ticket', 'receipt', () => issue('ticket')],
    scene.ways.single && basket.length === 0 && ['single', 'qrcode', () => issue('single')],
  ].filter(Boolean);
  return html`
    <div class="scale scale-done">
      <output class="scale-weight"><b>${kilogramsWritten(weighing.counted_grams)}</b> ${t('kiosk.unit.kg')}</output>
      <p class="promise">${t('kiosk.promise', { points: count(weighing.points_up_to) })}</p>
    </div>
    <div class="ways">
      ${ways.map(([way, icon, take], index) => html`
        <button type="button" key=${way} class=${index === 0 ? 'main-key' : 'quiet-key'} disabled=${busy} onClick=${take}>
          <${Icon} name=${icon} /><span>${t(`kiosk.way.${way}`)}<small>${t(`kiosk.way.${way}.why`)}</small></span>
        </button>`)}
    </div>`;
}

function SimulatedScale() {
  return html`
    <div class="simulated">
      <span>${t('kiosk.weigh.simulated')}</span>
      ${SIMULATED_BAGS.map((grams) => html`<button type="button" key=${grams} onClick=${() => loadScale(grams)}>+${kilogramsWritten(grams)}</button>`)}
      <button type="button" onClick=${() => loadScale(0)}>${t('kiosk.weigh.tip_out')}</button>
    </div>`;
}

function NotWeighing({ visit, goHome }) {
  const retry = () => beginWeighing(visit.scene);
  return html`
    <${Refused} problem=${visit.problem} />
    <div class="ways">
      <button type="button" class="main-key" onClick=${retry}><${Icon} name="refresh" /><span>${t('kiosk.try_again')}</span></button>
      <button type="button" class="quiet-key" onClick=${goHome}><${Icon} name="home" /><span>${t('kiosk.start_over')}</span></button>
    </div>`;
}

export function Weigh({ state, visit, goHome }) {
  const { scene, weighing, problem, busy } = visit;
  useEffect(() => { beginWeighing(scene); return leaveWeighing; }, [scene]);
  const done = weighing?.quantity != null;
  return html`
    <div class="view weigh">
      <${SceneHead} scene=${scene} variant=${scene.variants[0]} />
      ${problem && html`<${NotWeighing} visit=${visit} goHome=${goHome} />`}
      ${!problem && !weighing && html`<p class="quiet" role="status">${t('kiosk.one_moment')}</p>`}
      ${!problem && weighing && !done && html`
        <${Live} weighing=${weighing} scene=${scene} />
        <button type="button" class="main-key" disabled=${busy || !weighing.is_finishable} onClick=${finishWeighing}>
          <${Icon} name="check" /><span>${t('kiosk.weigh.done')}<small>${t('kiosk.weigh.done_why', { scene: inLanguage(scene.name) })}</small></span>
        </button>
        ${state.scale.simulated && html`<${SimulatedScale} />`}`}
      ${!problem && done && html`<${Ways} visit=${visit} />`}
    </div>`;
}
