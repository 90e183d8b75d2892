/** The sheet that comes by itself when a member's code was read: each act of the reading, and what they brought. */
import { html, useEffect, useEvery, useRef, useState, useStore } from '../../shared/js/view.js';
import { Button, Icon, Sheet, StateBadge } from '../../shared/js/components.js';
import { grams, points, signedPoints } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { go } from '../../shared/js/router.js';
import { watchReadings } from '../models/readings.js';
import { member, signal } from '../models/session.js';
import { chime } from './chime.js';
import { gramsWords } from './scene_words.js';

const LOOK_MILLISECONDS = 3000;

export function JustRead() {
  const [acts, setActs] = useState([]);
  const look = useRef(null);
  look.current ??= watchReadings();
  const turn = async () => {
    const fresh = await look.current().catch(() => []);   // without signal the code works all the same
    if (!fresh.length) return;
    if (fresh.some((each) => each.state === 'credited')) chime();
    setActs((before) => [...before, ...fresh]);
  };
  useEvery(LOOK_MILLISECONDS, turn);
  useEffect(() => signal.subscribe(({ offline }) => !offline && turn()), []);
  const credited = acts.filter((each) => each.state === 'credited');
  return html`<${Sheet} open=${acts.length > 0} tone=${credited.length ? 'pine' : 'plain'} label=${t('read.title')}
    onClose=${() => setActs([])}>
    <${Reading} acts=${acts} credited=${credited} onClose=${() => setActs([])} />
  <//>`;
}

function sum(acts, name) {
  return acts.reduce((total, each) => total + each[name], 0);
}

function Reading({ acts, credited, onClose }) {
  const me = useStore(member);
  const [gained, saved] = [sum(credited, 'points'), sum(credited, 'reduction_grams')];
  const kind = credited.length ? 'button on-pine' : 'button';
  return html`<div class=${`result ${credited.length ? 'result-credited' : 'result-amber'}`} role="status">
    <p class="result-done"><${Icon} name=${credited.length ? 'circle-check' : 'hourglass'} small /> ${t('read.title')}</p>
    ${credited.length > 0 && html`<p class="result-points figures" aria-hidden="true">${signedPoints(gained)}</p>
      <p class="visually-hidden">${t('result.credited.spoken', { points: points(gained), grams: grams(saved) })}</p>
      <p class="result-grams figures">${gramsWords(saved)}</p>`}
    <ul class="read-acts">${acts.map((act) => html`<${Line} key=${act.id} act=${act} />`)}</ul>
    <div class="dialog-actions">
      <${Button} class=${kind} wide onClick=${onClose}>${t('read.close')}<//>
      <${Button} class=${credited.length ? 'on-pine-quiet' : ''} wide onClick=${() => go('history')}>
        ${t('read.history', { points: points(me?.balance?.available ?? 0) })}<//>
    </div>
  </div>`;
}

function Line({ act }) {
  return html`<li class="read-act">
    <span>${act.name}${act.state !== 'credited' && act.reason_text && html`<small>${act.reason_text}</small>`}</span>
    ${act.state === 'credited' ? html`<strong class="figures">${signedPoints(act.points)}</strong>` : html`<${StateBadge} state=${act.state} reason=${act.reason} />`}
  </li>`;
}
