/** What the kiosks sent, newest first: what was refused and what waits stays listed here. */
import { html, useEffect, useLoaded, useState, useStore } from '../../shared/js/view.js';
import { Button, Empty, Failed, Loading } from '../../shared/js/components.js';
import { count, dayTime } from '../../shared/js/format.js';
import { language, t } from '../../shared/js/i18n.js';
import { go, route, to } from '../../shared/js/router.js';
import { Trouble, useAct } from '../../shared/js/acting.js';
import { csvText } from '../models/csv.js';
import { isBoot, journalRows, readJournal, RESULTS } from '../models/journal.js';
import { readKiosks } from '../models/kiosks.js';
import { readScenes } from '../models/scenes.js';
import { may } from '../models/session.js';
import { download } from './download.js';
import { JournalDrawer } from './journal_drawer.js';
import { itemName, refusedWhy, ResultBadge } from './journal_words.js';
import { usePaged } from './paged.js';
import { ConsolePage } from './rail.js';
import { Search, Table } from './table.js';

const NO_FILTERS = { kiosk: '', boot: '', result: '', day: '' };
const PAUSE_MILLISECONDS = 300;

function two(first, second) {
  return html`<span class="kiosk-name"><span>${first}</span><small class="quiet">${second}</small></span>`;
}

/** Kiosks and scenes by what the items call them. */
export function useNames() {
  const { value: kiosks } = useLoaded(readKiosks, [language()]);
  const { value: scenes } = useLoaded(readScenes, [language()]);
  const numbered = new Map((scenes ?? []).map(({ number, name }) => [number, name]));
  const places = new Map((kiosks ?? []).map(({ id, venue }) => [id, venue]));
  return { kiosks: kiosks ?? [], placeOf: (id) => places.get(id) ?? '', sceneName: (number) => numbered.get(number) ?? t('journal.scene', { number }) };
}

function columnsNow({ placeOf, sceneName }) {
  const whatIn = ({ lines, result }) => (lines.length > 0 ? lines.map((line) => sceneName(line.scene)).join(t('list.comma')) : refusedWhy(result));
  return [
    { key: 'item', label: t('journal.what'), head: true, cell: (item) => two(itemName(item.kind), whatIn(item)) },
    { key: 'where', label: t('column.kiosk'), cell: ({ kiosk }) => two(placeOf(kiosk.id) || kiosk.name, kiosk.name) },
    { key: 'place', label: t('journal.number'), number: true, wide: true, cell: ({ boot, seq }) => two(count(seq), html`<span class="boot">${boot}</span>`) },
    { key: 'received', label: t('journal.received'), cell: ({ received_at: at }) => dayTime(at) },
    { key: 'happened', label: t('journal.happened'), wide: true, cell: ({ corrected_at: at }) => (at ? dayTime(at) : t('journal.unknown_time')) },
    { key: 'result', label: t('journal.answered'), cell: ({ kind, result }) => html`<${ResultBadge} kind=${kind} result=${result} />` },
  ];
}

function Choose({ name, value, options, onChange }) {
  return html`<label class="filter"><span class="visually-hidden">${t(`journal.by_${name}`)}</span>
    <select value=${value} onChange=${(event) => onChange({ [name]: event.target.value })}>
      <option value="">${t(`journal.any_${name}`)}</option>
      ${options.map(([key, words]) => html`<option key=${key} value=${key} selected=${key === value}>${words}</option>`)}
    </select></label>`;
}

function Export({ filters, sceneName }) {
  const { busy, trouble, run } = useAct();
  const take = () => run(async () => download('journal.csv', csvText(await journalRows(filters, sceneName)), 'text/csv;charset=utf-8'));
  return html`<${Button} icon="download" busy=${busy} onClick=${take}>${t('table.export')}<//><${Trouble} text=${trouble} />`;
}

function Filters({ filters, names, onChange, narrowed, onClear, asked }) {
  const kiosks = names.kiosks.map(({ id, venue }) => [id, `${id} · ${venue}`]);
  const results = RESULTS.map((result) => [result, t(`journal.with_${result}`)]);
  return html`<div class="tools notice-tools">
    <${Choose} name="kiosk" value=${filters.kiosk} options=${kiosks} onChange=${onChange} />
    <${Choose} name="result" value=${filters.result} options=${results} onChange=${onChange} />
    <label class="filter"><span class="visually-hidden">${t('journal.by_day')}</span>
      <input type="date" value=${filters.day} onInput=${(event) => onChange({ day: event.target.value })} /></label>
    <${Search} value=${filters.boot} onInput=${(boot) => onChange({ boot: boot.trim().toLowerCase() })} label=${t('journal.by_boot')} />
    ${narrowed && html`<${Button} kind="plain" icon="x" onClick=${onClear}>${t('reviews.clear')}<//>`}
    <${Export} filters=${asked} sceneName=${names.sceneName} /></div>`;
}

/** The filters, begun with what the address asks for: "#/journal?kiosk=4". */
function useFilters() {
  const { query } = useStore(route);
  const asked = Object.fromEntries(Object.keys(NO_FILTERS).map((name) => [name, query.get(name) ?? '']));
  const [filters, setFilters] = useState(asked);
  const address = JSON.stringify(asked);
  useEffect(() => { if (query.size > 0) setFilters(asked); }, [address]);
  return [filters, (change) => setFilters((before) => ({ ...before, ...change }))];
}

function Nothing({ narrowed }) {
  if (narrowed) return html`<${Empty} icon="filter" title=${t('table.nothing_found')}>${t('journal.other_filters')}<//>`;
  return html`<${Empty} icon="file-text" title=${t('journal.empty')}>${t('journal.empty.text')}<//>`;
}

export function Journal({ part }) {
  const [filters, change] = useFilters();
  const names = useNames();
  const half = filters.boot !== '' && !isBoot(filters.boot);   // a start that is still being typed
  const asked = { ...filters, boot: half ? '' : filters.boot };
  const { state, rows, next, error, busy, again, more } = usePaged((cursor) => readJournal(asked, cursor), [...Object.values(asked), language()], PAUSE_MILLISECONDS);
  const narrowed = Object.values(filters).some(Boolean);
  const actions = may('staff_create_journal_import') && html`<${Button} kind="main" icon="cloud-upload" href=${to('journal-import')}>${t('journal.import')}<//>`;
  return html`<${ConsolePage} title=${t('journal.title')} note=${t('journal.note')} actions=${actions}>
    <${Filters} filters=${filters} names=${names} asked=${asked} onChange=${change} narrowed=${narrowed} onClear=${() => { go('journal'); change(NO_FILTERS); }} />
    ${half && html`<p class="small quiet" role="status">${t('journal.boot_short')}</p>`}
    ${state === 'loading' && html`<${Loading} />`}
    ${state === 'failed' && html`<${Failed} error=${error} onRetry=${again} />`}
    ${state === 'ready' && rows.length === 0 && html`<div class="card"><${Nothing} narrowed=${narrowed} /></div>`}
    ${rows.length > 0 && html`<${Table} label=${t('journal.title')} columns=${columnsNow(names)} rows=${rows} onOpen=${({ id }) => go('journal', id)} />`}
    ${next && html`<p class="audit-more"><${Button} kind="line" icon="chevron-down" busy=${busy} onClick=${more}>${t('action.more')}<//></p>`}
    ${part && html`<${JournalDrawer} key=${part} id=${part} names=${names} onClose=${() => go('journal')} />`}
  <//>`;
}
