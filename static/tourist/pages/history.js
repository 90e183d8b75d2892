/**
 * Everything I did, newest first, a page at a time and narrowed by how it stands; what this phone still keeps stands
 * above it. What somebody reads from my code meanwhile comes in by itself.
 */
import { html, useState, useStore } from '../../shared/js/view.js';
import { Button, Cell, Empty, Failed, List, Loading, Page, Segments, StateBadge } from '../../shared/js/components.js';
import { day, dayTime, grams, points, time } from '../../shared/js/format.js';
import { language, t } from '../../shared/js/i18n.js';
import { back, to } from '../../shared/js/router.js';
import { byDay, loadActivities, STATES } from '../models/history.js';
import { dismissScan, keptScans } from '../models/scans.js';
import { useJustIn } from './just_in.js';
import { usePages } from './pages_read.js';

// The filter stays while an entry is looked at and the list comes back.
let lastState = 'all';

export default function History() {
  const [chosen, setChosen] = useState(lastState);
  const asked = chosen === 'all' ? null : chosen;
  const pages = usePages((cursor) => loadActivities(cursor, asked), [chosen, language()]);
  useJustIn((fresh) => pages.put(fresh.filter(({ state }) => !asked || state === asked).reverse()));
  const scans = useStore(keptScans).filter(({ state }) => state !== 'answered');
  const nothing = pages.state === 'ready' && !pages.rows.length;
  const choose = (next) => { lastState = next; setChosen(next); };
  const options = ['all', ...STATES].map((value) => ({ value, label: t(value === 'all' ? 'class.all' : `state.${value}`) }));
  return html`<${Page} title=${t('history.title')} onBack=${() => back('')}>
    <div class="stack">
      <${OnThisPhone} scans=${scans} />
      <${Segments} chips label=${t('history.filter')} hideLabel name="state" options=${options} value=${chosen} onChange=${choose} />
      ${byDay(pages.rows).map(([key, activities]) => html`<${List} key=${key} label=${day(activities[0].occurred_at)}>
        ${activities.map(line)}<//>`)}
      ${pages.state === 'loading' && html`<${Loading} />`}
      ${pages.state === 'failed' && html`<${Failed} error=${pages.error} onRetry=${pages.more} />`}
      ${pages.state === 'ready' && pages.next && html`<${Button} kind="line" wide onClick=${pages.more}>${t('action.more')}<//>`}
      ${nothing && asked && html`<${Empty} icon="history" title=${t('history.none')} />`}
      ${nothing && !asked && !scans.length && html`<${Nothing} />`}
      <a class="more" href=${to('carbon')}>${t('carbon.to')}</a>
    </div>
  <//>`;
}

function Nothing() {
  const scan = html`<${Button} kind="main" icon="scan" href=${to('scan')}>${t('home.scan')}<//>`;
  return html`<${Empty} icon="history" title=${t('history.empty')} action=${scan}>${t('history.empty.text')}<//>`;
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
  const { companion } = activity;
  const note = [time(activity.occurred_at), activity.place, companion && t('scan.companion.child', { number: companion })].filter(Boolean).join(' · ');
  const why = reversal?.reason ?? activity.reason_text;
  return html`<${Cell} key=${activity.id} title=${activity.name} note=${note} href=${to('history', activity.id)}
    value=${html`<span class="history-value">${earned}${saved}</span>`}>
    <span><${StateBadge} state=${activity.state} reason=${activity.reason} /></span>${why && html`<span class="cell-note">${why}</span>`}<//>`;
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
