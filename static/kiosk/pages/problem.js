/** The machine could not make a code: what happened, and what helps. */
import { html } from '../../shared/js/view.js';
import { hasWords, t } from '../../shared/js/i18n.js';
import { Icon } from '../../shared/js/components.js';
import { issue } from '../models/visit.js';

function sentenceOf(problem) {
  const ours = `kiosk.problem.${problem.code}`;
  if (hasWords(ours)) return t(ours);
  return problem.detail || t('kiosk.problem.unknown');
}

export function Problem({ problem, goHome }) {
  const again = problem.way ?? 'ticket';
  return html`
    <div class="view outcome outcome-amber" role="alert">
      <span class="outcome-icon"><${Icon} name="alert-triangle" /></span>
      <h1>${t('kiosk.problem.title')}</h1>
      <p>${sentenceOf(problem)}</p>
      <div class="ways">
        <button type="button" class="main-key" onClick=${() => issue(again)}><${Icon} name="refresh" /><span>${t('kiosk.try_again')}</span></button>
        <button type="button" class="quiet-key" onClick=${goHome}><${Icon} name="home" /><span>${t('kiosk.start_over')}</span></button>
      </div>
      <p class="support">${t('kiosk.problem.support', { code: problem.code })}</p>
    </div>`;
}
