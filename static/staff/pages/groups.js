/** The limits that scenes share: how many points a member can get of all of them together. */
import { html, useLoaded } from '../../shared/js/view.js';
import { Empty, Failed, Loading } from '../../shared/js/components.js';
import { count } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { go, to } from '../../shared/js/router.js';
import { readGroups } from '../models/groups.js';
import { GroupPage } from './group.js';
import { ConsolePage } from './rail.js';
import { periodName } from './scene_words.js';
import { inOrder, Table, useOrder } from './table.js';
import { WaitingBadge } from './version_badge.js';

function columnsNow() {
  return [
    { key: 'group', label: t('scene.cap_group'), head: true, value: (group) => group.name, cell: (group) => html`<span class="kiosk-name"><span>${group.name}</span><small class="quiet">${group.id}</small></span>` },
    { key: 'points', label: t('column.points'), number: true, value: (group) => group.points, cell: (group) => html`<b class="points">${count(group.points)}</b>` },
    { key: 'period', label: t('column.period'), value: (group) => group.period, cell: (group) => periodName(group.period) },
    { key: 'scenes', label: t('scenes.title'), value: (group) => group.scenes.length, cell: (group) => group.scenes.map(({ name }) => name).join(t('list.comma')) || '–' },
    { key: 'version', label: t('column.version'), number: true, wide: true, value: (group) => group.version, cell: (group) => `v${group.version}` },
    { key: 'waiting', label: t('column.waiting'), value: (group) => (group.waiting ? 0 : 1), cell: (group) => html`<${WaitingBadge} waiting=${group.waiting} />` },
  ];
}

function GroupTable({ groups }) {
  const [order, turn] = useOrder('group');
  const columns = columnsNow();
  if (groups.length === 0) return html`<div class="card"><${Empty} icon="scale" title=${t('groups.empty')}>${t('groups.empty.text')}<//></div>`;
  return html`<${Table} label=${t('groups.title')} columns=${columns} rows=${inOrder(groups, columns, order)} order=${order} onTurn=${turn} onOpen=${(group) => go('groups', group.id)} />`;
}

function GroupList() {
  const { state, value, error, again } = useLoaded(readGroups);
  return html`<${ConsolePage} title=${t('groups.title')} note=${t('groups.note')} back=${{ href: to('scenes'), word: t('scenes.title') }}>
    ${state === 'loading' && html`<${Loading} />`}
    ${state === 'failed' && html`<${Failed} error=${error} onRetry=${again} />`}
    ${value && html`<${GroupTable} groups=${value} />`}
  <//>`;
}

export function Groups({ part }) {
  return part ? html`<${GroupPage} key=${part} part=${part} />` : html`<${GroupList} />`;
}
