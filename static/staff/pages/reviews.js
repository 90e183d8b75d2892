/** Pending review: what waits for a person, the longest waiting first, and what was decided. */
import { html, useEffect, useState, useStore } from '../../shared/js/view.js';
import { Button, Empty, Failed, Loading, Segments, StateBadge } from '../../shared/js/components.js';
import { count, dayTime } from '../../shared/js/format.js';
import { language, t } from '../../shared/js/i18n.js';
import { go, route } from '../../shared/js/router.js';
import { mayDecide, pending, readReviews, SELECTED_MOST } from '../models/reviews.js';
import { ago } from './health.js';
import { memberName } from './member_words.js';
import { usePaged } from './paged.js';
import { ConsolePage } from './rail.js';
import { SelectionDialog } from './review_decision.js';
import { ReviewDrawer } from './review_drawer.js';
import { ReviewFilters } from './review_filters.js';
import { deciderWords, placeWords, reasonWords } from './review_words.js';
import { Table } from './table.js';

function Choice({ review, chosen, onChoose }) {
  if (!mayDecide(review)) return '–';
  const stop = (event) => event.stopPropagation();   // the row behind it opens the act
  return html`<label class="card-choice" onClick=${stop}><input type="checkbox" checked=${chosen} onChange=${() => onChoose(review.id)} />
    <span class="visually-hidden">${t('reviews.choose', { name: review.activity.name, member: memberName(review.member) })}</span></label>`;
}

function two(first, second) {
  return html`<span class="kiosk-name"><span>${first}</span><small class="quiet">${second}</small></span>`;
}

function columnsNow(waiting, chosen, onChoose) {
  const now = Date.now();
  const columns = [
    { key: 'act', label: t('review.what'), head: true, cell: ({ activity, member }) => two(activity.name, memberName(member)) },
    { key: 'doubt', label: t('review.why'), cell: reasonWords },
    { key: 'where', label: t('review.where'), wide: true, cell: placeWords },
    { key: 'when', label: t('review.handed_in'), cell: ({ activity }) => two(dayTime(activity.recorded_at), ago(activity.recorded_at, now)) },
    { key: 'points', label: t('review.points'), number: true, cell: (review) => count(waiting ? review.points_most : review.activity.points) },
  ];
  if (waiting) return [...columns, { key: 'choice', label: t('reviews.choice'), cell: (review) => html`<${Choice} review=${review} chosen=${chosen.includes(review.id)} onChoose=${onChoose} />` }];
  return [...columns,
    { key: 'decided', label: t('column.decided'), wide: true, cell: ({ decision }) => two(deciderWords(decision), dayTime(decision.decided_at)) },
    { key: 'state', label: t('column.state'), cell: ({ activity }) => html`<${StateBadge} state=${activity.state} reason=${activity.reason} />` }];
}

/** What was chosen, and what can be done with all of it. */
function Selected({ rows, chosen, onNone, onChanged }) {
  const [deed, setDeed] = useState(null);
  const reviews = rows.filter(({ id }) => chosen.includes(id));
  if (reviews.length === 0) return null;
  const close = (changed) => { setDeed(null); if (changed) { onNone(); onChanged(); } };
  return html`<div class="review-selected card" role="region" aria-label=${t('reviews.selected', { count: reviews.length })}>
    <p><b>${t('reviews.selected', { count: reviews.length })}</b></p>
    <div class="row"><${Button} kind="main" icon="check" onClick=${() => setDeed('accept')}>${t('reviews.accept')}<//>
      <${Button} kind="danger" icon="ban" onClick=${() => setDeed('refuse')}>${t('reviews.refuse')}<//>
      <${Button} kind="plain" onClick=${onNone}>${t('reviews.choose_none')}<//></div>
    ${deed && html`<${SelectionDialog} deed=${deed} reviews=${reviews} onClose=${close} />`}</div>`;
}

function useChosen() {
  const [chosen, setChosen] = useState([]);
  const turn = (id) => setChosen((before) => (before.includes(id) ? before.filter((each) => each !== id) : [...before, id].slice(-SELECTED_MOST)));
  return [chosen, turn, setChosen];
}

function Nothing({ waiting, narrowed }) {
  if (narrowed) return html`<${Empty} icon="filter" title=${t('table.nothing_found')}>${t('table.other_words')}<//>`;
  const [icon, word] = waiting ? ['circle-check', 'reviews.empty'] : ['history', 'reviews.decided.empty'];
  return html`<${Empty} icon=${icon} title=${t(word)}>${t(`${word}.text`)}<//>`;
}

const NO_FILTERS = { reason: '', kiosk: '', scene: '', days: '', member: '' };

/** The filters, begun with what the address asks for: "#/reviews?reason=code_twin". */
function useFilters() {
  const { query } = useStore(route);
  const asked = Object.fromEntries(Object.keys(NO_FILTERS).map((name) => [name, query.get(name) ?? '']));
  const [filters, setFilters] = useState(asked);
  const address = JSON.stringify(asked);
  useEffect(() => { if (query.size > 0) setFilters(asked); }, [address]);
  return [filters, (change) => setFilters((before) => ({ ...before, ...change }))];
}

function Rows({ waiting, narrowed, paged, chosen, choose, setChosen }) {
  const { state, rows, next, error, busy, again, more } = paged;
  const open = rows.filter(mayDecide).map(({ id }) => id).slice(0, SELECTED_MOST);
  return html`
    ${state === 'loading' && html`<${Loading} />`}
    ${state === 'failed' && html`<${Failed} error=${error} onRetry=${again} />`}
    ${state === 'ready' && rows.length === 0 && html`<div class="card"><${Nothing} waiting=${waiting} narrowed=${narrowed} /></div>`}
    ${waiting && open.length > 1 && chosen.length < open.length && html`<p><${Button} kind="quiet" icon="check" onClick=${() => setChosen(open)}>${t('reviews.choose_all', { count: open.length })}<//></p>`}
    ${rows.length > 0 && html`<${Table} label=${t('reviews.title')} columns=${columnsNow(waiting, chosen, choose)} rows=${rows} onOpen=${({ id }) => go('reviews', id)} />`}
    ${next && html`<p class="audit-more"><${Button} kind="line" icon="chevron-down" busy=${busy} onClick=${more}>${t('action.more')}<//></p>`}`;
}

/** One of the two lists; rows of the one are never shown in the columns of the other. */
function ReviewList({ waiting, filters, narrowed, part }) {
  const [chosen, choose, setChosen] = useChosen();
  const inputs = [...Object.values(filters), language()];
  const paged = usePaged((cursor) => readReviews({ state: waiting ? 'waiting' : 'decided', ...filters }, cursor), inputs);
  useEffect(() => setChosen([]), inputs);
  return html`<${Selected} rows=${paged.rows} chosen=${chosen} onNone=${() => setChosen([])} onChanged=${paged.again} />
    <${Rows} ...${{ waiting, narrowed, paged, chosen, choose, setChosen }} />
    ${part && html`<${ReviewDrawer} key=${part} id=${part} onClose=${() => go('reviews')} onChanged=${paged.again} />`}`;
}

export function Reviews({ part }) {
  const [state, setState] = useState('waiting');
  const [filters, change] = useFilters();
  const { count: waitingCount } = useStore(pending);
  const narrowed = Object.values(filters).some(Boolean);
  return html`<${ConsolePage} title=${t('reviews.title')} note=${t('reviews.note')}>
    <div class="tools review-tools"><${Segments} label=${t('reviews.state')} hideLabel name="review-state" value=${state} onChange=${setState} options=${[
      { value: 'waiting', label: t('reviews.waiting', { count: waitingCount ?? '–' }) }, { value: 'decided', label: t('reviews.decided') }]} />
      <${ReviewFilters} filters=${filters} onChange=${change} narrowed=${narrowed} onClear=${() => { go('reviews'); change(NO_FILTERS); }} /></div>
    <${ReviewList} key=${state} waiting=${state === 'waiting'} filters=${filters} narrowed=${narrowed} part=${part} />
  <//>`;
}
