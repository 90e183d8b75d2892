/**
 * What became of codes that waited on this phone: a sheet that lists each of them, in the order in which they were
 * scanned. It stays for the next visit until somebody has read it.
 */
import { html, useStore } from '../../shared/js/view.js';
import { Button, Cell, List, Sheet, StateBadge } from '../../shared/js/components.js';
import { dayTime, grams, points } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { dismissScan, keptScans } from '../models/scans.js';

/** `held` while another sheet is open: one thing at a time. */
export function LateSheet({ held }) {
  const scans = useStore(keptScans);
  const judged = scans.filter(({ state }) => state !== 'kept');
  const close = () => judged.forEach(({ key }) => dismissScan(key));
  return html`<${Sheet} open=${judged.length > 0 && !held} label=${t('late.title')} onClose=${close}>
    <div class="stack" role="status">
      <h2 tabindex="-1" autofocus>${t('late.title')}</h2>
      <p>${summary(judged)}</p>
      <${List}>${judged.map(line)}<//>
      ${judged.length < scans.length && html`<p class="small quiet">${t('late.waiting', { count: scans.length - judged.length })}</p>`}
      <${Button} kind="main" wide onClick=${close}>${t('late.read')}<//>
    </div>
  <//>`;
}

function summary(judged) {
  const sum = judged.reduce((total, { result }) => total + (result?.points ?? 0), 0);
  return t('late.sum', { count: judged.length, points: points(sum), sum });
}

/** Whose and when, and what it brought or why it brought nothing. */
function line({ key, kept_at: keptAt, companion, state, result, code_refused: code, detail }) {
  const note = [t('history.scan', { when: dayTime(keptAt) }), companion && t('scan.companion.child', { number: companion })];
  const why = state === 'refused' ? detail || code : result.activity.reason_text;
  const value = state === 'refused' ? undefined : html`<span class="history-value">
    <strong class=${result.points > 0 ? 'points' : 'quiet'}>+${points(result.points)}</strong>
    <span class="grams small">${grams(result.reduction_grams)}</span></span>`;
  return html`<${Cell} key=${key} title=${result?.activity.name ?? t('refused.title')} note=${note.filter(Boolean).join(' · ')} value=${value}>
    <span><${StateBadge} state=${result?.activity.state ?? state} reason=${result?.activity.reason} /></span>
    ${why && html`<span class="cell-note">${why}</span>`}<//>`;
}
