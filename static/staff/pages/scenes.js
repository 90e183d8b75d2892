/** The scenes and the rule in force of each; the table can be searched, sorted, opened and taken along. */
import { html, useLoaded, useState } from '../../shared/js/view.js';
import { Badge, Button, Empty, Failed, Icon, Loading } from '../../shared/js/components.js';
import { isoDay } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { go, to } from '../../shared/js/router.js';
import { csvText } from '../models/csv.js';
import { classesOf, filterScenes, readScenes } from '../models/scenes.js';
import { may } from '../models/session.js';
import { download } from './download.js';
import { ConsolePage } from './rail.js';
import { ScenePage } from './scene.js';
import { attestedWord, className, coolDown, gramsOf, periodName, proofNames, unitName } from './scene_words.js';
import { inOrder, Search, Shown, Table, useOrder } from './table.js';
import { WaitingBadge } from './version_badge.js';

function Name({ scene }) {
  return html`<span class="scene-name"><${Icon} name=${scene.icon} small /><span>${scene.name}${scene.active === false && html` <${Badge} tone="amber" icon="ban">${t('scene.paused')}<//>`}</span></span>`;
}

function Attested({ attested }) {
  if (attested === undefined) return html`<span class="quiet">–</span>`;
  return attested ? html`<${Badge} tone="sea" icon="check">${attestedWord(true)}<//>` : html`<span class="quiet small">${attestedWord(false)}</span>`;
}

function columnsNow() {
  const per = (scene) => html` <small class="quiet">/ ${unitName(scene.unit)}</small>`;
  return [
    { key: 'number', label: t('column.number'), number: true, value: (scene) => scene.number, cell: (scene) => scene.number },
    { key: 'name', label: t('column.scene'), head: true, value: (scene) => scene.name, cell: (scene) => html`<${Name} scene=${scene} />` },
    { key: 'class', label: t('column.class'), value: (scene) => className(scene.class), cell: (scene) => className(scene.class) },
    { key: 'points', label: t('column.points'), number: true, value: (scene) => scene.points, cell: (scene) => html`<b class="points">${scene.points}</b>${per(scene)}` },
    { key: 'grams', label: t('column.grams'), number: true, value: (scene) => Number(scene.grams), cell: (scene) => html`<b class="grams">${gramsOf(scene.grams)}</b>` },
    { key: 'cap', label: t('column.cap'), number: true, wide: true, value: (scene) => Number(scene.cap.amount), cell: (scene) => scene.cap.amount },
    { key: 'period', label: t('column.period'), wide: true, value: (scene) => scene.cap.period, cell: (scene) => periodName(scene.cap.period) },
    { key: 'cool_down', label: t('column.cool_down'), wide: true, value: (scene) => scene.cool_down_seconds, cell: (scene) => coolDown(scene.cool_down_seconds) },
    { key: 'proofs', label: t('column.proofs'), wide: true, value: (scene) => scene.proofs.join(' '),
      cell: (scene) => html`<span title=${proofNames(scene.proofs).join(', ')}>${scene.proofs.join(' ')}</span>` },
    { key: 'attested', label: t('column.attested'), wide: true, value: (scene) => (scene.attested ? 0 : 1), cell: (scene) => html`<${Attested} attested=${scene.attested} />` },
    { key: 'version', label: t('column.version'), number: true, wide: true, value: (scene) => scene.version, cell: (scene) => `v${scene.version}` },
    { key: 'waiting', label: t('column.waiting'), value: (scene) => (scene.waiting ? 0 : 1), cell: (scene) => html`<${WaitingBadge} waiting=${scene.waiting} />` },
  ];
}

/** The table as it stands, in words and bare numbers. */
function exportScenes(scenes) {
  const heads = ['number', 'scene', 'slug', 'class', 'unit', 'points', 'grams', 'cap', 'period', 'cool_down_seconds', 'proofs', 'attested', 'version'];
  const lines = scenes.map((scene) => [
    scene.number, scene.name, scene.id, className(scene.class), unitName(scene.unit), scene.points, scene.grams, scene.cap.amount,
    periodName(scene.cap.period), scene.cool_down_seconds, scene.proofs.join(' '), attestedWord(scene.attested), scene.version,
  ]);
  download(`${t('scenes.title')}_${isoDay(Date.now())}.csv`, csvText([heads.map((head) => t(`column.${head}`)), ...lines]), 'text/csv;charset=utf-8');
}

function ClassFilter({ scenes, value, onChange }) {
  return html`<label class="filter"><span class="visually-hidden">${t('column.class')}</span>
    <select value=${value} onChange=${(event) => onChange(event.target.value)}>
      <option value="">${t('scenes.all_classes')}</option>
      ${classesOf(scenes).map((each) => html`<option key=${each} value=${each}>${className(each)}</option>`)}
    </select></label>`;
}

function SceneTable({ scenes }) {
  const [words, setWords] = useState('');
  const [sceneClass, setSceneClass] = useState('');
  const [order, turn] = useOrder('number');
  const columns = columnsNow();
  const rows = inOrder(filterScenes(scenes, words, sceneClass, className), columns, order);
  return html`
    <div class="tools">
      <${Search} value=${words} onInput=${setWords} label=${t('scenes.search')} />
      <${ClassFilter} scenes=${scenes} value=${sceneClass} onChange=${setSceneClass} />
      <${Shown} shown=${rows.length} all=${scenes.length} />
      <${Button} icon="download" kind="line" disabled=${rows.length === 0} onClick=${() => exportScenes(rows)}>${t('table.export')}<//>
      ${may('staff_create_scene') && html`<${Button} icon="plus" kind="main" href=${to('new-scene')}>${t('scenes.new')}<//>`}
    </div>
    ${rows.length === 0
      ? html`<div class="card"><${Empty} icon="search" title=${t(scenes.length ? 'table.nothing_found' : 'scenes.empty')}>
          ${t(scenes.length ? 'table.other_words' : 'scenes.empty.text')}<//></div>`
      : html`<${Table} label=${t('scenes.title')} columns=${columns} rows=${rows} order=${order} onTurn=${turn} onOpen=${(scene) => go('scenes', scene.id)} />`}`;
}

function SceneList() {
  const { state, value, error, again } = useLoaded(readScenes);
  return html`<${ConsolePage} title=${t('scenes.title')} note=${t('scenes.note')}
    actions=${html`<${Button} kind="line" icon="scale" href=${to('groups')}>${t('groups.title')}<//>`}>
    ${state === 'loading' && html`<${Loading} />`}
    ${state === 'failed' && html`<${Failed} error=${error} onRetry=${again} />`}
    ${value && html`<${SceneTable} scenes=${value} />`}
  <//>`;
}

export function Scenes({ part }) {
  return part ? html`<${ScenePage} key=${part} part=${part} />` : html`<${SceneList} />`;
}
