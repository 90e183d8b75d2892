/** The seconds of a minute that are left, as a ring that runs out. */
import { html } from '../../shared/js/view.js';

const RADIUS = 9;
const LENGTH = 2 * Math.PI * RADIUS;

export function Ring({ left, look = 'ring' }) {
  return html`<svg class=${look} viewBox="0 0 24 24" aria-hidden="true">
    <circle class="ring-ground" cx="12" cy="12" r=${RADIUS} />
    <circle class="ring-left" cx="12" cy="12" r=${RADIUS} transform="rotate(-90 12 12)"
      stroke-dasharray=${LENGTH} stroke-dashoffset=${LENGTH * (1 - left / 60)} />
  </svg>`;
}
