/** The machine could not make a code: what happened, and what helps. */
import { html } from '../../shared/js/view.js';
import { hasWords, inLanguage, t } from '../../shared/js/i18n.js';
import { Icon } from '../../shared/js/components.js';
import { issue } from '../models/visit.js';

/** The machine's own sentence in the language of the moment, or ours when it did not answer. */
function sentenceOf({ code, problem }) {
  if (problem?.sentences) return inLanguage(problem.sentences);
  return t(hasWords(`kiosk.problem.${code}`) ? `kiosk.problem.${code}` : 'kiosk.problem.unknown');
}

export function Problem({ visit, goHome }) {
  const { problem, way, scene, busy } = visit;
  return html`
    <div class="view outcome outcome-amber" role="alert">
      <span class="outcome-icon"><${Icon} name="alert-triangle" /></span>
      <h1>${t('kiosk.problem.title')}</h1>
      <p>${sentenceOf(problem)}</p>
      <div class="ways">
        <button type="button" class="main-key" disabled=${busy} onClick=${() => issue(way)}><${Icon} name="refresh" /><span>${t('kiosk.try_again')}</span></button>
        ${way === 'single' && scene.ways.ticket
          ? html`<button type="button" class="quiet-key" disabled=${busy} onClick=${() => issue('ticket')}><${Icon} name="receipt" /><span>${t('kiosk.way.ticket')}</span></button>`
          : html`<button type="button" class="quiet-key" onClick=${goHome}><${Icon} name="home" /><span>${t('kiosk.start_over')}</span></button>`}
      </div>
      <p class="support">${t('kiosk.problem.support', { code: problem.code })}</p>
    </div>`;
}
