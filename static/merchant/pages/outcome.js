/** Green or red over the whole screen, readable from an arm's length; then the next voucher. */
import { html, useEffect, useRef, useStore } from '../../shared/js/view.js';
import { Icon } from '../../shared/js/components.js';
import { dayTime, fen, time } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { counter, next } from '../models/counter.js';
import { askToUndo, secondsToUndo } from '../models/undos.js';
import { signalOutcome } from './signal_sound.js';

/** A yes goes by itself; a no needs longer to be read to the guest. */
const STAYS_MILLISECONDS = { true: 2_000, false: 8_000 };

/** When it happened or will be possible again, from what the refusal brings along. */
function whenOf(problem) {
  if (problem?.redeemed_at) return t('outcome.redeemed_at', { time: dayTime(problem.redeemed_at) });
  if (problem?.expired_at) return t('outcome.expired_at', { time: dayTime(problem.expired_at) });
  if (problem?.allowed_again_at) return t('outcome.again_at', { time: dayTime(problem.allowed_again_at) });
  return '';
}

function Good({ redemption, lookup }) {
  return html`
    <h2>${t('outcome.redeemed')}</h2>
    <p class="outcome-item">${redemption.item.name}${redemption.quantity > 1 ? ` × ${redemption.quantity}` : ''}</p>
    <p class="outcome-value">${fen(redemption.settlement_fen)}</p>
    <p>${[lookup?.nickname, time(redemption.redeemed_at)].filter(Boolean).join(' · ')}</p>`;
}

function Bad({ error }) {
  const away = error.code === 'unreachable';
  return html`
    <h2>${t('outcome.refused')}</h2>
    <p class="outcome-item">${away ? t('outcome.unreachable') : error.detail}</p>
    <p class="outcome-when">${whenOf(error.problem)}</p>
    ${!away && html`<p class="outcome-code">${error.code}</p>`}`;
}

/** Apart from the rest, for a touch anywhere else goes on; with the focus on it the screen waits. */
function Undo({ redemption, hold }) {
  const ask = (event) => {
    event.stopPropagation();
    next();
    askToUndo(redemption);
  };
  return html`<button type="button" class="outcome-undo" onClick=${ask} onFocus=${hold}>
    <${Icon} name="arrow-back-up" small /> ${t('undo.ask')}</button>`;
}

function Result({ outcome }) {
  const [box, timer] = [useRef(null), useRef(null)];
  const undoable = outcome.good && secondsToUndo(outcome.redemption) > 0;
  useEffect(() => {
    box.current.showModal();
    signalOutcome(outcome.good);
    timer.current = setTimeout(next, STAYS_MILLISECONDS[outcome.good]);
    return () => clearTimeout(timer.current);
  }, []);
  return html`
    <dialog ref=${box} class=${`outcome ${outcome.good ? 'outcome-good' : 'outcome-bad'}`} onClick=${next} onCancel=${next} role="alertdialog"
      aria-label=${t(outcome.good ? 'outcome.redeemed' : 'outcome.refused')}>
      <${Icon} name=${outcome.good ? 'circle-check' : 'circle-x'} />
      ${outcome.good ? html`<${Good} ...${outcome} />` : html`<${Bad} ...${outcome} />`}
      <button type="button" class="outcome-next">${t('outcome.next')}</button>
      ${undoable && html`<${Undo} redemption=${outcome.redemption} hold=${() => clearTimeout(timer.current)} />`}
    </dialog>`;
}

export function Outcome() {
  const { stage, outcome } = useStore(counter);
  return stage === 'done' ? html`<${Result} outcome=${outcome} />` : null;
}
