/** Everything I did, newest first, a page at a time; what this phone still keeps stands above it. */
import { html, useEffect, useState, useStore } from '../../shared/js/view.js';
import { Button, Cell, Empty, Failed, List, Loading, Page, StateBadge } from '../../shared/js/components.js';
import { day, dayTime, grams, points, time } from '../../shared/js/format.js';
import { language, t } from '../../shared/js/i18n.js';
import { back, to } from '../../shared/js/router.js';
import { byDay, loadActivities } from '../models/history.js';
import { dismissScan, keptScans } from '../models/scans.js';

export default function History() {
  const pages = usePages();
  const scans = useStore(keptScans);
  const nothing = pages.state === 'ready' && !pages.activities.length && !scans.length;
  return html`<${Page} title=${t('history.title')} onBack=${() => back('')}>
    <div class="stack">
      <${OnThisPhone} scans=${scans} />
      ${byDay(pages.activities).map(([key, activities]) => html`<${List} key=${key} label=${day(activities[0].occurred_at)}>
        ${activities.map(line)}<//>`)}
      ${pages.state === 'loading' && html`<${Loading} />`}
      ${pages.state === 'failed' && html`<${Failed} error=${pages.error} onRetry=${pages.more} />`}
      ${pages.state === 'ready' && pages.next && html`<${Button} kind="line" wide onClick=${pages.more}>${t('action.more')}<//>`}
      ${nothing && html`<${Nothing} />`}
    </div>
  <//>`;
}

function Nothing() {
  const scan = html`<${Button} kind="main" icon="scan" href=${to('scan')}>${t('home.scan')}<//>`;
  return html`<${Empty} icon="history" title=${t('history.empty')} action=${scan}>${t('history.empty.text')}<//>`;
}

/** The pages read so far; `more` reads the next one, or the failed one again. */
function usePages() {
  const [read, setRead] = useState({ state: 'loading', activities: [], next: null });
  const load = async (cursor, before) => {
    setRead({ state: 'loading', activities: before, next: cursor });
    try {
      const { data, next } = await loadActivities(cursor);
      setRead({ state: 'ready', activities: [...before, ...data], next });
    } catch (error) {
      setRead({ state: 'failed', activities: before, next: cursor, error });
    }
  };
  useEffect(() => { load(null, []); }, [language()]);
  return { ...read, more: () => load(read.next, read.activities) };
}

/** Only what stands in the books looks like points; what was taken back is struck out. */
function earnedWords({ state, points: amount }) {
  if (amount <= 0) return html`<span class="figures quiet">0</span>`;
  if (state === 'credited') return html`<strong class="points">+${points(amount)}</strong>`;
  return html`<s class="figures quiet">+${points(amount)}</s>`;
}

function line(activity) {
  const earned = earnedWords(activity);
  const { reversal } = activity;
  const saved = reversal ? html`<s class="quiet small">${grams(activity.reduction_grams)}</s>` : html`<span class="grams small">${grams(activity.reduction_grams)}</span>`;
  const note = [time(activity.occurred_at), activity.place].filter(Boolean).join(' · ');
  return html`<${Cell} key=${activity.id} title=${activity.name} note=${note} href=${to('history', activity.id)}
    value=${html`<span class="history-value">${earned}${saved}</span>`}>
    <span><${StateBadge} state=${activity.state} reason=${activity.reason} /></span>${reversal && html`<span class="cell-note">${reversal.reason}</span>`}<//>`;
}

function OnThisPhone({ scans }) {
  if (!scans.length) return null;
  return html`<${List} label=${t('history.phone')}>
    ${scans.map((scan) => html`<${Cell} key=${scan.key} title=${t('history.scan', { when: dayTime(scan.kept_at) })}
      note=${scan.state === 'refused' ? scan.detail || scan.code_refused : t('home.kept.note')}>
      <span class="row"><${StateBadge} state=${scan.state} />
        ${scan.state === 'refused' && html`<${Button} kind="quiet" onClick=${() => dismissScan(scan.key)}>
          ${t('history.dismiss')}<//>`}</span><//>`)}
  <//>`;
}
