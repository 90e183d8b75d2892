/** "Show your member code": the acts that it stands for, the camera, and one sentence when a code was not taken. */
import { html } from '../../shared/js/view.js';
import { hasWords, inLanguage, t } from '../../shared/js/i18n.js';
import { Icon } from '../../shared/js/components.js';
import { chooseAnother, LINES_MAX } from '../models/reading.js';
import { Basket } from './basket.js';
import { Eye, HoldHere } from './eye.js';

/** Refusals that are no trouble at all: the act is kept already. */
const KIND = ['code_already_used'];

export function Refused({ problem }) {
  if (!problem) return null;
  const sentences = problem.problem?.sentences;   // the machine's own, in both languages
  const sentence = sentences ? inLanguage(sentences)
    : t(hasWords(`kiosk.problem.${problem.code}`) ? `kiosk.problem.${problem.code}` : 'kiosk.problem.unknown');
  const kind = KIND.includes(problem.code);
  return html`
    <p class=${kind ? 'not-taken not-taken-kind' : 'not-taken'} role="alert">
      <${Icon} name=${kind ? 'info-circle' : 'alert-triangle'} />
      <span>${sentence}<small>${t('kiosk.problem.support', { code: problem.code })}</small></span>
    </p>`;
}

function mayAddMore(state, basket) {
  const readable = state.scenes.filter(({ ways }) => ways.member);
  const left = readable.filter((scene) => scene.room || !basket.some((line) => line.scene.number === scene.number));
  return basket.length < LINES_MAX && left.length > 0;
}

export function Show({ state, visit }) {
  const { basket, busy, problem } = visit;
  return html`
    <div class="view show">
      <div class="show-words">
        <h1>${t(basket.length > 0 ? 'kiosk.show_code' : 'kiosk.show_again')}</h1>
        <${HoldHere} state=${state} />
        <${Refused} problem=${problem} />
        <${Basket} lines=${basket} />
        ${basket.some(({ scene }) => scene.route) && html`<p class="aside"><${Icon} name="trekking" /><span>${t('kiosk.trail_half')}</span></p>`}
        ${mayAddMore(state, basket) && html`
          <button type="button" class="quiet-key" disabled=${busy} onClick=${chooseAnother}><${Icon} name="plus" /><span>${t(basket.length > 0 ? 'kiosk.one_more' : 'kiosk.choose_first')}</span></button>`}
        ${basket.length > 1 && html`<p class="quiet">${t('kiosk.one_person')}</p>`}
      </div>
      <${Eye} state=${state} paused=${busy} />
    </div>`;
}
