/** Bars over days in one colour, drawn as SVG; its figures stand behind it as a table for whoever can't see bars. */
import { html } from '../../shared/js/view.js';

const HEIGHT = 100;
const LEAST = 2;   // a day with something never looks like a day with nothing
const GAP = 0.14;

/** values: whole numbers, one a bar. `tone` is pine for points, sea for grams. */
export function Bars({ values, tone, label }) {
  const most = Math.max(...values, 1);
  const tall = (value) => (value ? Math.max(LEAST, value / most * HEIGHT) : 0);
  return html`<svg class=${`bars tone-${tone}`} viewBox=${`0 0 ${values.length} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label=${label}>
    ${values.map((value, place) => html`<rect key=${place} x=${place + GAP} y=${HEIGHT - tall(value)} width=${1 - 2 * GAP} height=${tall(value)} />`)}
  </svg>`;
}

/** A part of a whole as one thin line; the figure stands beside it in words. */
export function Share({ value, most, tone }) {
  return html`<svg class=${`share tone-${tone}`} viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
    <rect class="share-ground" width="100" height="1" /><rect width=${most ? value / most * 100 : 0} height="1" /></svg>`;
}
