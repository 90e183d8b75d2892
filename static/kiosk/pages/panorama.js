/** The island seen from the boat: ridge, sun, sea and the ferry. Drawn by us, coloured by the style sheet's roles. */
import { html } from '../../shared/js/view.js';

const FAR_RIDGE = 'M0 296 C40 284 84 252 134 240 C186 228 214 190 262 176 C304 164 330 128 372 106 C406 88 424 56 452 36 '
  + 'C470 22 486 30 500 50 C518 76 546 78 572 104 C612 144 648 138 690 164 C742 196 786 196 838 224 C894 252 946 276 1000 296 Z';
const NEAR_RIDGE = 'M70 296 C120 276 168 268 222 252 C272 236 300 206 344 198 C372 193 386 172 410 166 C436 160 452 184 480 190 '
  + 'C516 198 532 176 566 182 C606 190 630 222 676 232 C736 246 800 258 850 278 C868 286 884 292 900 296 Z';
const FERRY_HULL = 'M0 22 H92 L84 38 Q82 40 79 40 H15 Q11 40 9 37 Z';
const FERRY_DECKS = 'M12 22 V12 H74 L79 22 Z M20 12 V3 H58 L63 12 Z';
const FERRY_WINDOWS = 'M20 15 h7 v4 h-7 z M31 15 h7 v4 h-7 z M42 15 h7 v4 h-7 z M53 15 h7 v4 h-7 z M26 6 h6 v3 h-6 z M37 6 h6 v3 h-6 z M48 6 h6 v3 h-6 z';
const SWELL_WIDTH = 120;
const SWELL = 'M0 10 Q30 -2 60 10 T120 10';

export function Panorama() {
  return html`
    <svg class="island" viewBox="0 0 1000 300" preserveAspectRatio="xMidYMax meet" aria-hidden="true" focusable="false">
      <circle class="sun-halo" cx="726" cy="96" r="74" />
      <circle class="sun-disc" cx="726" cy="96" r="46" />
      <path class="ridge-far" d=${FAR_RIDGE} />
      <path class="ridge-near" d=${NEAR_RIDGE} />
    </svg>
    <svg class="sea" aria-hidden="true" focusable="false">
      <defs>
        <pattern id="swell" width=${SWELL_WIDTH} height="46" patternUnits="userSpaceOnUse"><path class="swell" d=${SWELL} /></pattern>
      </defs>
      <rect class="sea-swell" x=${-SWELL_WIDTH} width="4000" height="100%" fill="url(#swell)" />
    </svg>
    <svg class="ferry" viewBox="-4 0 100 44" aria-hidden="true" focusable="false">
      <path class="ferry-decks" d=${FERRY_DECKS} /><path class="ferry-hull" d=${FERRY_HULL} /><path class="ferry-windows" d=${FERRY_WINDOWS} />
    </svg>`;
}
