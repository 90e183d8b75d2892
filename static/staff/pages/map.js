/** A schematic map of the crossing and the island with the kiosks' states. Drawn by us, not to scale. */
import { html, useStore } from '../../shared/js/view.js';
import { t } from '../../shared/js/i18n.js';
import { preferences } from '../../shared/js/preferences.js';
import { to } from '../../shared/js/router.js';
import { healthOf } from '../models/kiosks.js';
import { placeLabels } from '../models/map_labels.js';
import { healthCounts } from '../models/today.js';
import { HEALTH, HealthBadge } from './health.js';

const SPRITE = '/static/shared/img/icons.svg';
const [WIDTH, HEIGHT] = [1000, 700];
const LABEL_HEIGHTS = [26, 30, 36];
const MAINLAND = 'M0 0 H318 C300 34 268 40 236 58 C204 76 196 104 158 118 C120 132 96 172 62 188 C36 200 18 226 0 232 Z';
const ISLAND = 'M452 128 C512 96 604 112 664 168 C720 220 772 288 804 372 C832 448 806 540 748 588 C704 622 640 614 610 566 '
  + 'C584 518 556 470 518 424 C476 374 428 332 406 272 C388 216 404 156 452 128 Z';
const HILLS = 'M528 176 C566 164 618 186 650 226 C678 262 664 292 634 300 C596 308 548 276 526 240 C512 216 508 186 528 176 Z '
  + 'M664 352 C702 352 736 388 748 436 C758 482 738 524 708 530 C674 534 648 496 636 452 C626 410 632 356 664 352 Z';
const PEAKS = 'M560 250 l26 -44 26 44 z M606 262 l20 -34 20 34 z M676 480 l24 -42 24 42 z';
const RING_ROAD = 'M456 188 C540 136 624 168 682 240 C738 308 776 388 768 462 C758 540 692 586 646 540 C606 494 566 428 514 376 C466 328 424 276 430 232 C434 208 440 198 456 188 Z';
const FERRY_LINE = 'M110 84 C180 108 214 130 270 158 C330 188 372 206 430 231';
const WAVES = [[60, 420], [210, 560], [330, 430], [860, 130], [880, 620], [120, 300]]
  .map(([x, y]) => `M${x} ${y} q14 -10 28 0 t28 0 t28 0`);

function Ground() {
  return html`
    <rect class="map-sea" width=${WIDTH} height=${HEIGHT} />
    ${WAVES.map((path) => html`<path class="map-wave" d=${path} />`)}
    <path class="map-land" d=${MAINLAND} /><path class="map-land" d=${ISLAND} />
    <path class="map-hills" d=${HILLS} /><path class="map-peaks" d=${PEAKS} />
    <path class="map-road" d=${RING_ROAD} /><path class="map-ferry" d=${FERRY_LINE} />`;
}

function Marker({ point, label, health, height }) {
  const [tone, icon] = HEALTH[health] ?? ['grey', 'help'];
  const says = `${point.id} ${point.label}: ${t(`health.${health}`)}`;
  return html`
    <a class=${`map-kiosk tone-${tone}`} href=${to('kiosks', point.id)} aria-label=${says}>
      <title>${says}</title>
      <circle class="map-dot" cx=${point.x} cy=${point.y} r="22" />
      <svg class="map-icon" x=${point.x - 14} y=${point.y - 14} width="28" height="28" viewBox="0 0 24 24" aria-hidden="true">
        <use href=${`${SPRITE}#${icon}`} /></svg>
      ${label && html`<text class="map-label" x=${label.x} y=${label.y} text-anchor=${label.anchor} dominant-baseline="central"
        font-size=${height}>${point.label}</text>`}
    </a>`;
}

function Legend({ kiosks, now }) {
  return html`<ul class="map-legend">
    ${healthCounts(kiosks, now).map(([health, number]) => html`<li key=${health}><${HealthBadge} health=${health} /> ${number}</li>`)}
    <li class="legal">${t('map.schematic')}</li>
  </ul>`;
}

export function IslandMap({ kiosks, now }) {
  const height = LABEL_HEIGHTS[useStore(preferences).text];
  const points = kiosks.filter((kiosk) => kiosk.map).map((kiosk) => ({
    id: kiosk.id, label: kiosk.venue, x: kiosk.map.x * (WIDTH / 1000), y: kiosk.map.y * (HEIGHT / 1000), health: healthOf(kiosk, now),
  }));
  const labels = placeLabels(points, height, WIDTH);
  return html`
    <section class="map" aria-labelledby="map-title">
      <h2 id="map-title">${t('map.title')}</h2>
      <svg class="map-picture" viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} role="group" aria-labelledby="map-title">
        <${Ground} />
        ${points.map((point) => html`<${Marker} key=${point.id} point=${point} health=${point.health} label=${labels.get(point.id)} height=${height} />`)}
      </svg>
      <${Legend} kiosks=${kiosks} now=${now} />
    </section>`;
}

/** One place alone, with the words that name it. */
export function PlaceOnMap({ point, label }) {
  const says = t('map.place', { place: label });
  return html`<svg class="map-picture place-map" viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label=${says}><title>${says}</title>
    <${Ground} /><circle class="map-spot" cx=${point.x * (WIDTH / 1000)} cy=${point.y * (HEIGHT / 1000)} r="26" /></svg>`;
}
