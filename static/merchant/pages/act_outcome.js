/** What became of a reading, over the whole screen: green when something counts, red when nothing does. */
import { html, useEffect, useRef, useState, useStore } from '../../shared/js/view.js';
import { Icon, toast } from '../../shared/js/components.js';
import { dayTime, signedPoints } from '../../shared/js/format.js';
import { hasWords, t } from '../../shared/js/i18n.js';
import { confirming, nextReading, takeBack } from '../models/acts.js';
import { sceneOf } from '../models/till.js';
import { useNoScannerEnter } from './scanner_enter.js';
import { signalOutcome } from './signal_sound.js';

/** A yes goes by itself; what needs telling stays longer. */
const STAYS_MILLISECONDS = { all: 2_000, some: 6_000, none: 8_000 };
const ICONS = { credited: 'circle-check', pending: 'hourglass', capped: 'scale', refused: 'ban', reversed: 'arrow-back-up' };

export function lineWords({ state, points, code, reason_text: reason }) {
  if (state === 'credited') return signedPoints(points);
  if (state === 'refused' && code) return t(hasWords(`acts.refused.${code}`) ? `acts.refused.${code}` : 'acts.refused');
  return reason || t(`state.${state}`);
}

function Lines({ results }) {
  return html`<ul class="act-results">${results.map((line, place) => html`<li key=${place}>
    <${Icon} name=${ICONS[line.state]} small /><span>${line.name ?? sceneOf(line.scene)?.name ?? line.scene}</span><b class="figures">${lineWords(line)}</b></li>`)}</ul>`;
}

function Bad({ error }) {
  const again = error.problem?.allowed_again_at;
  return html`<p class="outcome-item">${error.detail || t('failed.text')}</p>
    ${again && html`<p class="outcome-when">${t('outcome.again_at', { time: dayTime(again) })}</p>`}
    <p class="outcome-code">${error.code}</p>`;
}

function TakeBack({ answer, hold }) {
  const [busy, setBusy] = useState(false);
  const undo = async (event) => {
    event.stopPropagation();
    hold();
    setBusy(true);
    await takeBack(answer).then(() => { toast(t('acts.taken_back'), 'arrow-back-up'); nextReading(); },
      (error) => { toast(error.detail || t('failed.offline.title'), 'alert-triangle'); setBusy(false); });
  };
  return html`<button type="button" class="outcome-undo" disabled=${busy} onClick=${undo} onFocus=${hold}><${Icon} name="arrow-back-up" small /> ${t('acts.take_back')}</button>`;
}

function Result({ outcome: { good, answer, error } }) {
  const [box, timer] = [useRef(null), useRef(null)];
  const guard = useNoScannerEnter();
  const all = answer?.results.every(({ state }) => state === 'credited');
  const sum = answer?.results.reduce((total, { points }) => total + points, 0);
  useEffect(() => {
    box.current.showModal();
    signalOutcome(good);
    timer.current = setTimeout(nextReading, STAYS_MILLISECONDS[all ? 'all' : good ? 'some' : 'none']);
    return () => clearTimeout(timer.current);
  }, []);
  const title = t(good ? 'acts.done' : 'acts.not_done');
  return html`<dialog ref=${box} class=${`outcome ${good ? 'outcome-good' : 'outcome-bad'}`} onClick=${nextReading} onCancel=${nextReading} onKeyDown=${guard} role="alertdialog" aria-label=${title}>
    <${Icon} name=${good ? 'circle-check' : 'circle-x'} />
    <h2>${title}</h2>
    ${answer && html`<p class="outcome-item">${answer.nickname}</p>`}
    ${good && html`<p class="outcome-value">${signedPoints(sum)}</p>`}
    ${answer ? html`<${Lines} results=${answer.results} />` : html`<${Bad} error=${error} />`}
    <button type="button" class="outcome-next">${t('acts.next')}</button>
    ${good && html`<${TakeBack} answer=${answer} hold=${() => clearTimeout(timer.current)} />`}
  </dialog>`;
}

export function ActOutcome() {
  const { stage, outcome } = useStore(confirming);
  return stage === 'done' ? html`<${Result} outcome=${outcome} />` : null;
}
