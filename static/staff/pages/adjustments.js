/** Points by hand: what waits for a decision first, then everything that was ever asked for. */
import { html, useLoaded, useState } from '../../shared/js/view.js';
import { Button, Empty, Failed, Loading } from '../../shared/js/components.js';
import { dayTime, isoDay, signedPoints } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { go } from '../../shared/js/router.js';
import { Trouble, useAct } from '../../shared/js/acting.js';
import { readAdjustment, readAdjustments, readAll, readWaiting } from '../models/adjustments.js';
import { csvText } from '../models/csv.js';
import { AdjustmentBadge } from './adjustment_badge.js';
import { AdjustmentDialog } from './adjustment_dialog.js';
import { download } from './download.js';
import { memberName } from './member_words.js';
import { usePaged } from './paged.js';
import { ConsolePage } from './rail.js';
import { Table } from './table.js';

const open = (adjustment) => go('adjustments', adjustment.id);

function columnsNow(waiting) {
  const last = waiting
    ? { key: 'until', label: t('adjustment.until'), cell: (row) => dayTime(row.expires_at) }
    : { key: 'decided', label: t('column.decided'), wide: true, cell: (row) => (row.decided_by ? html`<${Person} person=${row.decided_by} at=${row.decided_at} />` : '–') };
  return [
    { key: 'adjusted', label: t('column.member'), head: true,
      cell: ({ member }) => html`<span class="kiosk-name"><span>${memberName(member)}</span><small class="quiet">${member.id}</small></span>` },
    { key: 'points', label: t('column.points'), number: true, cell: (row) => html`<b class=${row.state === 'approved' && row.points > 0 ? 'points' : 'figures'}>${signedPoints(row.points)}</b>` },
    { key: 'why', label: t('decide.reason'), wide: true, cell: (row) => row.reason },
    { key: 'asked_by', label: t('decide.asked_by'), wide: true, cell: (row) => html`<${Person} person=${row.asked_by} at=${row.asked_at} />` },
    last,
    { key: 'state', label: t('column.state'), cell: (row) => html`<${AdjustmentBadge} state=${row.state} />` },
  ];
}

function Person({ person, at }) {
  return html`<span class="kiosk-name"><span>${person.name}</span><small class="quiet">${dayTime(at)}</small></span>`;
}

const EXPORTED = ['id', 'member', 'nickname', 'points', 'reason', 'state', 'asked_by', 'asked_at', 'expires_at', 'decided_by', 'decided_at', 'decision_reason'];

/** All of them in words, ids and bare numbers; times as the server wrote them. */
async function exportAll() {
  const lines = (await readAll()).map((row) => [
    row.id, row.member.id, row.member.nickname, row.points, row.reason, t(`adjustment.${row.state}`), row.asked_by.name, row.asked_at, row.expires_at,
    row.decided_by?.name, row.decided_at, row.decision_reason,
  ]);
  download(`${t('adjustments.title')}_${isoDay(Date.now())}.csv`, csvText([EXPORTED.map((head) => t(`adjustment.csv.${head}`)), ...lines]), 'text/csv;charset=utf-8');
}

function Waiting({ rows }) {
  return html`<section class="stack-tight"><h2>${t('adjustments.waiting')}</h2>
    ${rows.length === 0
      ? html`<div class="card"><p class="quiet">${t('adjustments.waiting.none')}</p></div>`
      : html`<${Table} label=${t('adjustments.waiting')} columns=${columnsNow(true)} rows=${rows} onOpen=${open} />`}
  </section>`;
}

/** The one that the address names, read anew: somebody may have decided in the meantime. */
function Opened({ id, onDone }) {
  const { value, error, again } = useLoaded(() => readAdjustment(id), [id]);
  const close = () => go('adjustments');
  if (error && !value) return html`<${Failed} error=${error} onRetry=${again} />`;
  return value && html`<${AdjustmentDialog} adjustment=${value} onClose=${close} onDone=${() => { again(); onDone(); }} />`;
}

function Export({ disabled }) {
  const { busy, trouble, run } = useAct();
  return html`<${Trouble} text=${trouble} /><${Button} icon="download" kind="line" busy=${busy} disabled=${disabled} onClick=${() => run(exportAll)}>${t('table.export')}<//>`;
}

export function Adjustments({ part }) {
  const [turn, setTurn] = useState(0);
  const all = usePaged((cursor) => readAdjustments({ cursor }), [turn]);
  const waiting = useLoaded(readWaiting, [turn]);
  const failed = all.state === 'failed' ? all.error : waiting.state === 'failed' && waiting.error;
  const ready = all.state === 'ready' && waiting.value;
  return html`<${ConsolePage} title=${t('adjustments.title')} note=${t('adjustments.note')} actions=${html`<${Export} disabled=${all.rows.length === 0} />`}>
    ${failed && html`<${Failed} error=${failed} onRetry=${() => setTurn(turn + 1)} />`}
    ${!failed && !ready && html`<${Loading} />`}
    ${ready && all.rows.length === 0 && html`<div class="card"><${Empty} icon="scale" title=${t('adjustments.empty')}>${t('adjustments.empty.text')}<//></div>`}
    ${ready && all.rows.length > 0 && html`<div class="stack"><${Waiting} rows=${waiting.value} />
      <section class="stack-tight"><h2>${t('adjustments.all')}</h2>
        <${Table} label=${t('adjustments.all')} columns=${columnsNow(false)} rows=${all.rows} onOpen=${open} />
        ${all.next && html`<p class="audit-more"><${Button} kind="line" icon="chevron-down" busy=${all.busy} onClick=${all.more}>${t('action.more')}<//></p>`}</section></div>`}
    ${part && html`<${Opened} key=${part} id=${part} onDone=${() => setTurn((before) => before + 1)} />`}
  <//>`;
}
