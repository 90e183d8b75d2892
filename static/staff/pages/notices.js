/** The fleet's troubles: what the kiosks and their journals give the staff to look at. */
import { html, useEffect, useLoaded, useState, useStore } from '../../shared/js/view.js';
import { Button, Empty, Failed, Icon, Loading } from '../../shared/js/components.js';
import { dayTime } from '../../shared/js/format.js';
import { language, t } from '../../shared/js/i18n.js';
import { go, route } from '../../shared/js/router.js';
import { readKiosks } from '../models/kiosks.js';
import { readNotices, STATES } from '../models/notices.js';
import { ago } from './health.js';
import { NoticeDrawer } from './notice_drawer.js';
import { answerText, lookOf, NoticeBadge, NoticeKiosks, noticeKinds, noticeName, noticePlace, noticeText } from './notice_words.js';
import { usePaged } from './paged.js';
import { ConsolePage } from './rail.js';
import { Search, Table } from './table.js';

const PAUSE_MILLISECONDS = 300;   // one search for a word, not one for each letter
const NO_FILTERS = { state: '', kind: '', kiosk: '', search: '' };

function two(first, second) {
  return html`<span class="kiosk-name"><span>${first}</span><small class="quiet">${second}</small></span>`;
}

function Name({ notice }) {
  const [tone, icon] = lookOf(notice.kind);
  return html`<span class="notice-name"><span class=${`cell-lead tone-${tone}`}><${Icon} name=${icon} small /></span>
    <span><span>${noticeName(notice.kind)}</span><small class="quiet">${noticeText(notice)}</small></span></span>`;
}

function columnsNow() {
  const now = Date.now();
  const links = (event) => event.stopPropagation();   // a link in the row goes where it says
  return [
    { key: 'notice', label: t('notice.what'), head: true, cell: (notice) => html`<${Name} notice=${notice} />` },
    { key: 'where', label: t('column.kiosk'), cell: (notice) => html`<span onClick=${links}>${two(html`<${NoticeKiosks} notice=${notice} />`, noticePlace(notice))}</span>` },
    { key: 'raised', label: t('notice.raised'), cell: ({ raised_at: at }) => two(dayTime(at), ago(at, now)) },
    { key: 'state', label: t('column.state'), cell: (notice) => html`<${NoticeBadge} state=${notice.state} />` },
    { key: 'answer', label: t('notice.answer'), wide: true, cell: (notice) => notice.answered && two(answerText(notice), notice.answered.by?.name ?? t('notice.by_itself')) },
  ];
}

function Choose({ name, value, options, onChange }) {
  return html`<label class="filter"><span class="visually-hidden">${t(`notices.by_${name}`)}</span>
    <select value=${value} onChange=${(event) => onChange({ [name]: event.target.value })}>
      <option value="">${t(`notices.any_${name}`)}</option>
      ${options.map(([key, words]) => html`<option key=${key} value=${key} selected=${key === value}>${words}</option>`)}
    </select></label>`;
}

function Filters({ filters, onChange, narrowed, onClear }) {
  const { value: kiosks } = useLoaded(readKiosks);
  const choices = {
    state: STATES.map((state) => [state, t(`notice.state.${state}`)]),
    kind: noticeKinds().map((kind) => [kind, noticeName(kind)]),
    kiosk: (kiosks ?? []).map(({ id, venue }) => [id, `${id} · ${venue}`]),
  };
  return html`<div class="tools notice-tools"><${Search} value=${filters.search} onInput=${(search) => onChange({ search })} label=${t('notices.search')} />
    ${Object.entries(choices).map(([name, options]) => html`<${Choose} key=${name} name=${name} value=${filters[name]} options=${options} onChange=${onChange} />`)}
    ${narrowed && html`<${Button} kind="plain" icon="x" onClick=${onClear}>${t('reviews.clear')}<//>`}</div>`;
}

/** The filters, begun with what the address asks for: "#/notices?kiosk=4". */
function useFilters() {
  const { query } = useStore(route);
  const asked = Object.fromEntries(Object.keys(NO_FILTERS).map((name) => [name, query.get(name) ?? '']));
  const [filters, setFilters] = useState(asked);
  const address = JSON.stringify(asked);
  useEffect(() => { if (query.size > 0) setFilters(asked); }, [address]);
  return [filters, (change) => setFilters((before) => ({ ...before, ...change }))];
}

function Nothing({ narrowed }) {
  if (narrowed) return html`<${Empty} icon="filter" title=${t('table.nothing_found')}>${t('table.other_words')}<//>`;
  return html`<${Empty} icon="circle-check" title=${t('notices.empty')}>${t('notices.empty.text')}<//>`;
}

export function Notices({ part }) {
  const [filters, change] = useFilters();
  const paged = usePaged((cursor) => readNotices(filters, cursor), [...Object.values(filters), language()], filters.search ? PAUSE_MILLISECONDS : 0);
  const { state, rows, next, error, busy, again, more } = paged;
  const narrowed = Object.values(filters).some(Boolean);
  return html`<${ConsolePage} title=${t('notices.title')} note=${t('notices.note')}>
    <${Filters} filters=${filters} onChange=${change} narrowed=${narrowed} onClear=${() => { go('notices'); change(NO_FILTERS); }} />
    ${state === 'loading' && html`<${Loading} />`}
    ${state === 'failed' && html`<${Failed} error=${error} onRetry=${again} />`}
    ${state === 'ready' && rows.length === 0 && html`<div class="card"><${Nothing} narrowed=${narrowed} /></div>`}
    ${rows.length > 0 && html`<${Table} label=${t('notices.title')} columns=${columnsNow()} rows=${rows} onOpen=${({ id }) => go('notices', id)} />`}
    ${next && html`<p class="audit-more"><${Button} kind="line" icon="chevron-down" busy=${busy} onClick=${more}>${t('action.more')}<//></p>`}
    ${part && html`<${NoticeDrawer} key=${part} id=${part} onClose=${() => { go('notices'); again(); }} onChanged=${again} />`}
  <//>`;
}
