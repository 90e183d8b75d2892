/** The fleet: each kiosk with what its last heartbeat said. */
import { html, useEvery, useLoaded, useState } from '../../shared/js/view.js';
import { Empty, Failed, Icon, Loading } from '../../shared/js/components.js';
import { count, dayTime } from '../../shared/js/format.js';
import { hasWords, t } from '../../shared/js/i18n.js';
import { go } from '../../shared/js/router.js';
import { healthOf, QUEUE_LONG, readKiosks, softwareOf } from '../models/kiosks.js';
import { READ_EVERY_MILLISECONDS } from '../models/today.js';
import { Drawer, Facts } from './drawer.js';
import { ago, HealthBadge } from './health.js';
import { ConsolePage } from './rail.js';
import { inOrder, Search, Shown, Table, useOrder } from './table.js';

function paperWord(paper) {
  return paper && hasWords(`paper.${paper}`) ? t(`paper.${paper}`) : paper ?? '–';
}

function Queue({ queue }) {
  if (queue === null) return '–';
  return queue >= QUEUE_LONG ? html`<b class="amber"><${Icon} name="cloud-upload" small /> ${count(queue)}</b>` : count(queue);
}

function columnsNow(now) {
  return [
    { key: 'number', label: t('column.number'), number: true, value: (kiosk) => Number(kiosk.id), cell: (kiosk) => kiosk.id },
    { key: 'venue', label: t('column.kiosk'), head: true, value: (kiosk) => kiosk.venue,
      cell: (kiosk) => html`<span class="kiosk-name"><span>${kiosk.venue}</span><small class="quiet">${kiosk.name}</small></span>` },
    { key: 'state', label: t('column.state'), value: (kiosk) => healthOf(kiosk, now), cell: (kiosk) => html`<${HealthBadge} health=${healthOf(kiosk, now)} />` },
    { key: 'heartbeat', label: t('column.heartbeat'), value: (kiosk) => kiosk.last_heartbeat_at && -Date.parse(kiosk.last_heartbeat_at),
      cell: (kiosk) => (kiosk.last_heartbeat_at ? html`<span title=${dayTime(kiosk.last_heartbeat_at)}>${ago(kiosk.last_heartbeat_at, now)}</span>` : '–') },
    { key: 'queue', label: t('column.queue'), number: true, value: (kiosk) => kiosk.queue, cell: (kiosk) => html`<${Queue} queue=${kiosk.queue} />` },
    { key: 'software', label: t('column.software'), wide: true, value: softwareOf, cell: (kiosk) => softwareOf(kiosk) || '–' },
    { key: 'agreement', label: t('column.agreement'), number: true, wide: true, value: (kiosk) => kiosk.agreement, cell: (kiosk) => kiosk.agreement ?? '–' },
    { key: 'paper', label: t('column.paper'), wide: true, value: (kiosk) => kiosk.paper, cell: (kiosk) => paperWord(kiosk.paper) },
  ];
}

function KioskDrawer({ kiosk, now, onClose }) {
  const moment = (value) => (value ? `${dayTime(value)} · ${ago(value, now)}` : null);
  return html`
    <${Drawer} title=${kiosk.venue} onClose=${onClose}>
      <header class="drawer-head"><span class="cell-lead"><${Icon} name="device-tablet" /></span>
        <div><p class="small quiet">${kiosk.id} · ${kiosk.name}</p><h2>${kiosk.venue}</h2></div></header>
      <p><${HealthBadge} health=${healthOf(kiosk, now)} /></p>
      <${Facts} facts=${[
        [t('kiosk.since'), moment(kiosk.state_since)], [t('column.heartbeat'), moment(kiosk.last_heartbeat_at) ?? t('kiosk.never')],
        [t('kiosk.sync'), moment(kiosk.last_sync_at)], [t('column.queue'), kiosk.queue],
        [t('kiosk.clock'), kiosk.last_heartbeat_at && t('kiosk.clock_off', { seconds: kiosk.clock_offset_seconds ?? 0 })],
        [t('column.software'), softwareOf(kiosk)], [t('column.agreement'), kiosk.agreement],
        [t('column.paper'), kiosk.paper && paperWord(kiosk.paper)],
      ]} />
    <//>`;
}

function KioskTable({ kiosks, part }) {
  const [words, setWords] = useState('');
  const [order, turn] = useOrder('number');
  const now = Date.now();
  const columns = columnsNow(now);
  const wanted = words.trim().toLowerCase();
  const found = kiosks.filter((kiosk) => [kiosk.venue, kiosk.name, kiosk.id].some((text) => text.toLowerCase().includes(wanted)));
  const rows = inOrder(found, columns, order);
  const opened = kiosks.find((kiosk) => kiosk.id === part);
  return html`
    <div class="tools"><${Search} value=${words} onInput=${setWords} label=${t('kiosks.search')} /><${Shown} shown=${rows.length} all=${kiosks.length} /></div>
    ${rows.length === 0
      ? html`<div class="card"><${Empty} icon="device-tablet" title=${t(kiosks.length ? 'table.nothing_found' : 'kiosks.empty')}>
          ${t(kiosks.length ? 'table.other_words' : 'kiosks.empty.text')}<//></div>`
      : html`<${Table} label=${t('kiosks.title')} columns=${columns} rows=${rows} order=${order} onTurn=${turn} onOpen=${(kiosk) => go('kiosks', kiosk.id)} />`}
    ${opened && html`<${KioskDrawer} key=${opened.id} kiosk=${opened} now=${now} onClose=${() => go('kiosks')} />`}`;
}

export function Kiosks({ part }) {
  const { state, value, error, again } = useLoaded(readKiosks);
  useEvery(READ_EVERY_MILLISECONDS, again);
  return html`<${ConsolePage} title=${t('kiosks.title')} note=${t('kiosks.note')}>
    ${state === 'loading' && html`<${Loading} />`}
    ${state === 'failed' && html`<${Failed} error=${error} onRetry=${again} />`}
    ${value && html`<${KioskTable} kiosks=${value} part=${part} />`}
  <//>`;
}
