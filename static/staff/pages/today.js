/** Today: five figures, one map, one list of what needs a person. */
import { html, useEffect, useEvery, useStore } from '../../shared/js/view.js';
import { Failed, Loading } from '../../shared/js/components.js';
import { count, day, grams, time } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { READ_EVERY_MILLISECONDS, refreshToday, today } from '../models/today.js';
import { inTurn, mineToDecide, waiting } from '../models/waiting.js';
import { IslandMap } from './map.js';
import { Needs } from './needs.js';
import { ConsolePage } from './rail.js';

const FIGURES = [
  ['acts', count, ''], ['points', count, 'pine'], ['reduction_grams', grams, 'sea'], ['members', count, ''], ['vouchers', count, ''],
];

function Figures({ value }) {
  return html`<dl class="five">
    ${FIGURES.map(([name, written, tone]) => html`
      <div key=${name} class=${`five-figure ${tone}`}><dt>${t(`today.${name}`)}</dt><dd>${written(value[name])}</dd></div>`)}
  </dl>`;
}

/** What waits for this person's decision, as one line of the list of needs. */
function decisions(entries) {
  const mine = inTurn(mineToDecide(entries ?? []));
  return mine.length > 0 ? [{ kind: 'decisions', id: '', name: mine.map(({ name }) => name).join(t('list.comma')), since: mine[0].version.asked_at, count: mine.length }] : [];
}

export function Today() {
  const { entries } = useStore(waiting);
  const { value, error } = useStore(today);
  useEffect(() => { refreshToday(); }, []);
  useEvery(READ_EVERY_MILLISECONDS, refreshToday);
  if (!value) return error ? html`<${Failed} error=${error} onRetry=${refreshToday} />` : html`<${Loading} />`;
  const now = Date.parse(value.now ?? new Date().toISOString());
  const note = `${day(now)} · ${t(error ? 'today.as_of' : 'today.updated', { time: time(now) })}`;
  return html`<${ConsolePage} title=${t('today.title')} note=${note}>
    <${Figures} value=${value} />
    <div class="today-halves"><${IslandMap} kiosks=${value.kiosks} now=${now} /><${Needs} needs=${[...decisions(entries), ...value.needs_person]} now=${now} /></div>
  <//>`;
}
