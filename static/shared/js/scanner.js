/**
 * The scanner of every face: camera, a photo, or a typed code; one result, then it stops looking.
 */
import { html, useEffect, useRef, useState } from './view.js';
import { openCamera } from './camera.js';
import { loadDecoder, readFrame, readPhoto } from './decoder.js';
import { Button, Field, Icon } from './components.js';
import { t } from './i18n.js';

const REST_MILLISECONDS = 90;   // between two frames: quick to the eye, easy on the battery
// The code that was just read often still lies before the camera; it counts again after it was out of sight.
const OUT_OF_SIGHT_MILLISECONDS = 1500;

/**
 * @param {(text: string) => void} onResult  called once with the text of a code, until `paused` goes on and off
 * @param {boolean} paused      the camera stays on but nothing is read (while a result is on the screen)
 * @param {boolean} typedOpen   start with the field for typing a code open
 * @param {string} typedLabel   what may be typed here; default: code or link
 * @param children              the line below the viewfinder; default: hold the code inside the frame
 */
export function Scanner({ onResult, paused = false, typedOpen = false, typedLabel, children }) {
  const [typing, setTyping] = useState(typedOpen);
  const [trouble, setTrouble] = useState('');
  const photo = useRef(null);
  const take = (text) => { setTrouble(''); onResult(text.trim()); };
  const readChosen = async (event) => {
    const file = event.target.files[0];
    event.target.value = '';
    if (!file) return;
    const text = await readPhoto(file).catch(() => undefined);
    if (text) take(text);
    else setTrouble(t(text === undefined ? 'scanner.decoder' : 'scanner.photo.none'));
  };
  return html`<div class="stack">
    <${Viewfinder} onResult=${take} paused=${paused} onTrouble=${setTrouble} />
    <p class="scanner-trouble" role="status">${trouble && html`<${Icon} name="info-circle" small /> ${trouble}`}</p>
    ${children ?? html`<p class="scanner-say">${t('scanner.point')}</p>`}
    <div class="row scanner-ways">
      <${Button} kind="line" icon="photo" onClick=${() => photo.current.click()}>${t('scanner.photo')}<//>
      <${Button} kind="line" icon="keyboard" aria-expanded=${typing} onClick=${() => setTyping(!typing)}>${t('scanner.type')}<//>
      <input ref=${photo} type="file" accept="image/*" capture="environment" hidden onChange=${readChosen} />
    </div>
    ${typing && html`<${TypedCode} label=${typedLabel} onResult=${take} />`}
  </div>`;
}

function TypedCode({ label, onResult }) {
  const [text, setText] = useState('');
  const use = (event) => {
    event.preventDefault();
    if (text.trim()) onResult(text);
  };
  return html`<form class="stack-tight" onSubmit=${use}>
    <${Field} label=${label || t('scanner.typed.label')} value=${text} autocomplete="off" autocapitalize="characters"
      spellcheck=${false} onInput=${(event) => setText(event.target.value)} />
    <${Button} kind="main" wide type="submit" disabled=${!text.trim()}>${t('scanner.typed.use')}<//>
  </form>`;
}

/** What the camera sees, without the ways round it; `words` is the beginning of the keys of its sentences. */
export function Viewfinder({ onResult, paused, onTrouble, words = 'scanner' }) {
  const video = useRef(null);
  const eye = useCamera(video, onTrouble);
  useReading(eye.camera, paused, onResult, onTrouble);
  return html`<div class="viewfinder" role="group" aria-label=${t('scanner.view')} data-state=${eye.state}>
    <video ref=${video} muted playsinline aria-hidden="true"></video>
    ${eye.state === 'open'
      ? html`<div class="viewfinder-frame" aria-hidden="true">${!paused && html`<div class="viewfinder-line"></div>`}</div>`
      : html`<p class="viewfinder-say">${t(`${words}.${eye.state}`)}</p>`}
    ${eye.state === 'open' && eye.camera.hasTorch && html`<div class="viewfinder-tools"><${Torch} camera=${eye.camera} /></div>`}
  </div>`;
}

function Torch({ camera }) {
  const [on, setOn] = useState(false);
  const turn = () => camera.torch(!on).then(() => setOn(!on), () => setOn(false));
  return html`<${Button} icon="bulb" aria-pressed=${on} onClick=${turn}>${t(on ? 'scanner.torch.off' : 'scanner.torch.on')}<//>`;
}

/** Open the camera while the page is seen; it closes with the page and when the phone is put away. */
function useCamera(video, onTrouble) {
  const [eye, setEye] = useState({ state: 'starting', camera: null });
  const [seen, setSeen] = useState(!document.hidden);
  useEffect(() => {
    const look = () => setSeen(!document.hidden);
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, []);
  useEffect(() => {
    if (!seen) return undefined;
    let [wanted, opened] = [true, null];
    setEye({ state: 'starting', camera: null });
    loadDecoder().catch(() => wanted && onTrouble(t('scanner.decoder')));
    openCamera(video.current).then(
      (camera) => {
        opened = camera;
        if (wanted) setEye({ state: 'open', camera });
        else camera.close();
      },
      (error) => wanted && setEye({ state: error.reason || 'absent', camera: null }),
    );
    return () => { wanted = false; opened?.close(); };
  }, [seen]);
  return eye;
}

function isNew(text, last) {
  const now = performance.now();
  const before = last.current;
  last.current = { text, seen_at: now };
  return text !== before.text || now - before.seen_at > OUT_OF_SIGHT_MILLISECONDS;
}

/** Read frame after frame until one holds a code. */
function useReading(camera, paused, onResult, onTrouble) {
  const latest = useRef(onResult);
  latest.current = onResult;
  const last = useRef({ text: null, seen_at: 0 });
  useEffect(() => {
    if (!camera || paused) return undefined;
    let wanted = true;
    last.current.seen_at = performance.now();
    const look = async () => {
      const picture = camera.frame();
      const text = picture && await readFrame(picture);
      if (!wanted) return;
      if (text && isNew(text, last)) latest.current(text);
      else setTimeout(() => wanted && again(), REST_MILLISECONDS);
    };
    const again = () => look().catch(() => wanted && onTrouble(t('scanner.decoder')));
    again();
    return () => { wanted = false; };
  }, [camera, paused]);
}
