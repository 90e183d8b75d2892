/** The fleet: each kiosk with what its last heartbeat said. */
import { html, useEvery, useLoaded, useState } from '../../shared/js/view.js';
import { Button, Empty, Failed, Loading } from '../../shared/js/components.js';
import { dayTime } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { go } from '../../shared/js/router.js';
import { agreementDays, filterKiosks, healthOf, HEALTHS, readKiosks, softwareOf } from '../models/kiosks.js';
import { may } from '../models/session.js';
import { READ_EVERY_MILLISECONDS } from '../models/today.js';
import { ago, HealthBadge } from './health.js';
import { Waits } from './item_words.js';
import { StateFilter } from './items.js';
import { KioskPage } from './kiosk.js';
import { Agreement, Clock, paperWord, Queue } from './kiosk_words.js';
import { NewKioskDrawer } from './new_kiosk.js';
import { ConsolePage } from './rail.js';
import { inOrder, Search, Shown, Table, useOrder } from './table.js';

const moment = (value, now) => (value ? html`<span title=${dayTime(value)}>${ago(value, now)}</span>` : '–');

function columnsNow(now) {
  return [
    { key: 'number', label: t('column.number'), number: true, value: (kiosk) => Number(kiosk.id), cell: (kiosk) => kiosk.id },
    { key: 'venue', label: t('column.kiosk'), head: true, value: (kiosk) => kiosk.venue,
      cell: (kiosk) => html`<span class="kiosk-name"><span>${kiosk.venue}</span><small class="quiet">${kiosk.name}</small></span>` },
    { key: 'state', label: t('column.state'), value: (kiosk) => HEALTHS.indexOf(healthOf(kiosk, now)),
      cell: (kiosk) => html`<span class="kiosk-state"><${HealthBadge} health=${healthOf(kiosk, now)} />${kiosk.version_waits && html`<${Waits} waits />`}</span>` },
    { key: 'heartbeat', label: t('column.heartbeat'), value: (kiosk) => kiosk.last_heartbeat_at && -Date.parse(kiosk.last_heartbeat_at), cell: (kiosk) => moment(kiosk.last_heartbeat_at, now) },
    { key: 'queue', label: t('column.queue'), number: true, value: (kiosk) => kiosk.queue, cell: (kiosk) => html`<${Queue} queue=${kiosk.queue} />` },
    { key: 'paper', label: t('column.paper'), wide: true, value: (kiosk) => kiosk.paper, cell: (kiosk) => paperWord(kiosk.paper) },
    { key: 'software', label: t('column.software'), wide: true, value: softwareOf, cell: (kiosk) => softwareOf(kiosk) || '–' },
    { key: 'clock', label: t('column.clock'), number: true, wide: true, value: (kiosk) => Math.abs(kiosk.clock_offset_seconds), cell: (kiosk) => html`<${Clock} kiosk=${kiosk} />` },
    { key: 'sync', label: t('column.sync'), wide: true, value: (kiosk) => kiosk.last_sync_at && -Date.parse(kiosk.last_sync_at), cell: (kiosk) => moment(kiosk.last_sync_at, now) },
    { key: 'agreement', label: t('column.agreement'), wide: true, value: (kiosk) => agreementDays(kiosk, now), cell: (kiosk) => html`<${Agreement} kiosk=${kiosk} now=${now} />` },
  ];
}

function KioskTable({ kiosks, again }) {
  const [words, setWords] = useState('');
  const [health, setHealth] = useState('');
  const [adding, setAdding] = useState(false);
  const [order, turn] = useOrder('number');
  const now = Date.now();
  const columns = columnsNow(now);
  const rows = inOrder(filterKiosks(kiosks, words, health, now), columns, order);
  return html`
    <div class="tools"><${Search} value=${words} onInput=${setWords} label=${t('kiosks.search')} />
      <${StateFilter} states=${HEALTHS} word="health" value=${health} onChange=${setHealth} />
      <${Shown} shown=${rows.length} all=${kiosks.length} />
      ${may('staff_create_kiosk') && html`<${Button} icon="plus" kind="main" onClick=${() => setAdding(true)}>${t('kiosks.new')}<//>`}</div>
    ${rows.length === 0
      ? html`<div class="card"><${Empty} icon="device-tablet" title=${t(kiosks.length ? 'table.nothing_found' : 'kiosks.empty')}>
          ${t(kiosks.length ? 'table.other_words' : 'kiosks.empty.text')}<//></div>`
      : html`<${Table} label=${t('kiosks.title')} columns=${columns} rows=${rows} order=${order} onTurn=${turn} onOpen=${(kiosk) => go('kiosks', kiosk.id)} />`}
    ${adding && html`<${NewKioskDrawer} onChanged=${again} onClose=${() => setAdding(false)} />`}`;
}

function KioskList() {
  const { state, value, error, again } = useLoaded(readKiosks);
  useEvery(READ_EVERY_MILLISECONDS, again);
  return html`<${ConsolePage} title=${t('kiosks.title')} note=${t('kiosks.note')}>
    ${state === 'loading' && html`<${Loading} />`}
    ${state === 'failed' && html`<${Failed} error=${error} onRetry=${again} />`}
    ${value && html`<${KioskTable} kiosks=${value} again=${again} />`}
  <//>`;
}

export function Kiosks({ part }) {
  return part ? html`<${KioskPage} key=${part} part=${part} />` : html`<${KioskList} />`;
}
