/** The places of the island and what each of them offers. */
import { html, useLoaded, useState } from '../../shared/js/view.js';
import { Badge, Button, Empty, Failed, Loading } from '../../shared/js/components.js';
import { count } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { go, to } from '../../shared/js/router.js';
import { may } from '../models/session.js';
import { filterVenues, offersOf, readVenues } from '../models/venues.js';
import { ConsolePage } from './rail.js';
import { inOrder, Search, Shown, Table, useOrder } from './table.js';
import { VenuePage } from './venue.js';
import { WaitingBadge } from './version_badge.js';

function Attended({ attended }) {
  return attended ? html`<${Badge} tone="pine" icon="user-check">${t('venue.attended')}<//>` : html`<span class="quiet small">${t('venue.unattended')}</span>`;
}

function columnsNow() {
  return [
    { key: 'venue', label: t('column.venue'), head: true, value: (venue) => venue.name, cell: (venue) => html`<span class="kiosk-name"><span>${venue.name}</span><small class="quiet">${venue.id}</small></span>` },
    { key: 'side', label: t('field.side'), value: (venue) => t(`side.${venue.side}`), cell: (venue) => t(`side.${venue.side}`) },
    { key: 'attended', label: t('field.attended'), value: (venue) => (venue.profile.attended ? 0 : 1), cell: (venue) => html`<${Attended} attended=${venue.profile.attended} />` },
    { key: 'offers', label: t('column.offers'), number: true, value: offersOf, cell: (venue) => count(offersOf(venue)) },
    { key: 'seats', label: t('field.seats'), number: true, wide: true, value: (venue) => venue.profile.group.seats || null, cell: (venue) => (venue.profile.group.seats ? count(venue.profile.group.seats) : '–') },
    { key: 'ceiling', label: t('field.points_per_hour'), number: true, wide: true, value: (venue) => venue.profile.ceilings.points_per_hour, cell: (venue) => count(venue.profile.ceilings.points_per_hour) },
    { key: 'version', label: t('column.version'), number: true, wide: true, value: (venue) => venue.version, cell: (venue) => `v${venue.version}` },
    { key: 'waiting', label: t('column.waiting'), value: (venue) => (venue.waiting ? 0 : 1), cell: (venue) => html`<${WaitingBadge} waiting=${venue.waiting} />` },
  ];
}

function VenueTable({ venues }) {
  const [words, setWords] = useState('');
  const [order, turn] = useOrder('venue');
  const columns = columnsNow();
  const rows = inOrder(filterVenues(venues, words), columns, order);
  return html`
    <div class="tools"><${Search} value=${words} onInput=${setWords} label=${t('venues.search')} /><${Shown} shown=${rows.length} all=${venues.length} /></div>
    ${rows.length === 0
      ? html`<div class="card"><${Empty} icon="map-pin" title=${t(venues.length ? 'table.nothing_found' : 'venues.empty')}>${t(venues.length ? 'table.other_words' : 'venues.empty.text')}<//></div>`
      : html`<${Table} label=${t('venues.title')} columns=${columns} rows=${rows} order=${order} onTurn=${turn} onOpen=${(venue) => go('venues', venue.id)} />`}`;
}

function VenueList() {
  const { state, value, error, again } = useLoaded(readVenues);
  return html`<${ConsolePage} title=${t('venues.title')} note=${t('venues.note')}
    actions=${may('staff_create_venue') && html`<${Button} kind="main" icon="plus" href=${to('new-venue')}>${t('venue.new')}<//>`}>
    ${state === 'loading' && html`<${Loading} />`}
    ${state === 'failed' && html`<${Failed} error=${error} onRetry=${again} />`}
    ${value && html`<${VenueTable} venues=${value} />`}
  <//>`;
}

export function Venues({ part }) {
  return part ? html`<${VenuePage} key=${part} part=${part} />` : html`<${VenueList} />`;
}
