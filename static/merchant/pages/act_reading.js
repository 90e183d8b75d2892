/** The guest's code: before the camera, or typed by a USB scanner. */
import { html, useEffect, useRef, useState, useStore } from '../../shared/js/view.js';
import { Button, Icon } from '../../shared/js/components.js';
import { Scanner } from '../../shared/js/scanner.js';
import { t } from '../../shared/js/i18n.js';
import { askActsNow, chooseAgain, confirm, confirming, isJustRead } from '../models/acts.js';
import { chosen, sceneOf } from '../models/till.js';

const REST_MILLISECONDS = 1_500;

function Chosen({ stage }) {
  const lines = useStore(chosen);
  const words = lines.map(({ scene, quantity }) => {
    const found = sceneOf(scene);
    const amount = quantity / (found?.whole_unit ?? 1);
    return amount === 1 ? found?.name : `${found?.name} × ${amount}`;
  });
  return html`<div class="act-summary card"><p><strong>${words.join(t('list.separator'))}</strong></p>
    <${Button} kind="line" icon="edit" disabled=${stage !== 'reading'} onClick=${chooseAgain}>${t('acts.change')}<//></div>`;
}

function CodeField({ stage }) {
  const [text, setText] = useState('');
  const field = useRef(null);
  useEffect(() => {
    // On a computer the field waits for the USB scanner; on a phone the keyboard would cover the camera.
    if (stage === 'reading' && matchMedia('(pointer: fine)').matches) field.current?.focus({ preventScroll: true });
  }, [stage]);
  const send = (event) => {
    event.preventDefault();
    const code = text;
    setText('');
    if (code.trim()) confirm(code);
  };
  return html`<form class="code-field" onSubmit=${send}>
    <label for="member-code-text">${t('acts.code')}</label>
    <input id="member-code-text" ref=${field} value=${text} autocomplete="off" autocapitalize="characters" spellcheck="false" enterkeyhint="done"
      disabled=${stage !== 'reading'} onInput=${(event) => setText(event.target.value)} />
    <${Button} kind="main" type="submit" icon="check" busy=${stage === 'sending'} disabled=${!text.trim()}>${t('acts.confirm')}<//>
  </form>`;
}

function Say({ stage, waiting, resting }) {
  if (waiting) {
    return html`<div class="voucher-waiting" role="alert"><${Icon} name="wifi-off" /><p>${t('acts.waiting')}</p>
      <${Button} kind="line" icon="refresh" onClick=${askActsNow}>${t('voucher.ask_now')}<//></div>`;
  }
  if (stage === 'sending') return html`<p class="desk-say" role="status"><span class="spinner" aria-hidden="true"></span> ${t('acts.sending')}</p>`;
  return html`<p class="desk-say" role="status">${t(resting ? 'acts.same' : 'acts.point')}</p>`;
}

export function ActReading() {
  const { stage, waiting } = useStore(confirming);
  const [resting, setResting] = useState(false);
  useEffect(() => {
    if (!resting) return undefined;
    const timer = setTimeout(() => setResting(false), REST_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [resting]);
  const see = (text) => (isJustRead(text) ? setResting(true) : confirm(text));
  return html`<div class="desk act-reading"><${Chosen} stage=${stage} />
    <${Scanner} onResult=${see} paused=${stage !== 'reading' || resting}>
      <${Say} stage=${stage} waiting=${waiting} resting=${resting} /><${CodeField} stage=${stage} />
    <//></div>`;
}
