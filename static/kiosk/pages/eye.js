/** Where a code is held: the kiosk's camera with what it sees, or the picture of a phone before the reader. */
import { html, useEffect, useRef, useState } from '../../shared/js/view.js';
import { t } from '../../shared/js/i18n.js';
import { Icon } from '../../shared/js/components.js';
import { Viewfinder } from '../../shared/js/scanner.js';
import { codeSeen } from '../models/reader.js';

const REST_MILLISECONDS = 1_200;   // the phone is still there while its code is being kept

export function Eye({ state, paused }) {
  const [resting, setResting] = useState(false);
  const timer = useRef(null);
  useEffect(() => () => clearTimeout(timer.current), []);
  const read = (text) => {
    setResting(true);
    timer.current = setTimeout(() => setResting(false), REST_MILLISECONDS);
    codeSeen(text);
  };
  if (!state.scanner.camera) return html`<div class="eye eye-blind"><${Icon} name="device-mobile" /><${Icon} name="scan" /></div>`;
  return html`<div class="eye"><${Viewfinder} onResult=${read} paused=${paused || resting} onTrouble=${() => {}} words="kiosk.eye" /></div>`;
}

/** One line that says where to hold the phone. */
export function HoldHere({ state }) {
  return html`<p class="hold-here"><${Icon} name="device-mobile" /><span>${t(state.scanner.camera ? 'kiosk.hold_camera' : 'kiosk.hold_reader')}</span></p>`;
}
