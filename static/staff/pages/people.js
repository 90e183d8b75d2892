/** The people of the staff: who they are, what they may do, and how they sign in. */
import { html, useLoaded, useState } from '../../shared/js/view.js';
import { Button, Empty, Failed, Loading } from '../../shared/js/components.js';
import { count, dayTime } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { go } from '../../shared/js/router.js';
import { filterPeople, readPeople, stateOf } from '../models/people.js';
import { NewPersonDrawer } from './new_person.js';
import { PersonBadge } from './person_badge.js';
import { PersonDrawer } from './person_drawer.js';
import { ConsolePage } from './rail.js';
import { roleName } from './roles.js';
import { inOrder, Search, Shown, Table, useOrder } from './table.js';

function columnsNow() {
  return [
    { key: 'person', label: t('column.person'), head: true, value: (person) => person.name,
      cell: (person) => html`<span class="kiosk-name"><span>${person.name}</span><small class="quiet">${person.login}</small></span>` },
    { key: 'roles', label: t('column.roles'), value: (person) => person.roles.map(roleName).join(' '), cell: (person) => person.roles.map(roleName).join(t('list.comma')) },
    { key: 'state', label: t('column.sign_in'), value: stateOf, cell: (person) => html`<${PersonBadge} person=${person} />` },
    { key: 'signed_in', label: t('column.signed_in'), wide: true, value: (person) => person.signed_in_at && -Date.parse(person.signed_in_at),
      cell: (person) => (person.signed_in_at ? dayTime(person.signed_in_at) : '–') },
    { key: 'sessions', label: t('column.sessions'), number: true, wide: true, value: (person) => person.sessions, cell: (person) => count(person.sessions) },
  ];
}

function PeopleTable({ people, part, again }) {
  const [words, setWords] = useState('');
  const [order, turn] = useOrder('person');
  const columns = columnsNow();
  const rows = inOrder(filterPeople(people, words, roleName), columns, order);
  const opened = people.find((person) => person.id === part);
  const close = () => go('people');
  return html`
    <div class="tools">
      <${Search} value=${words} onInput=${setWords} label=${t('people.search')} />
      <${Shown} shown=${rows.length} all=${people.length} />
      <${Button} icon="plus" kind="main" onClick=${() => go('people', 'new')}>${t('people.add')}<//>
    </div>
    ${rows.length === 0
      ? html`<div class="card"><${Empty} icon="users" title=${t('table.nothing_found')}>${t('table.other_words')}<//></div>`
      : html`<${Table} label=${t('people.title')} columns=${columns} rows=${rows} order=${order} onTurn=${turn} onOpen=${(person) => go('people', person.id)} />`}
    ${opened && html`<${PersonDrawer} key=${opened.id} person=${opened} onChanged=${again} onClose=${close} />`}
    ${part === 'new' && html`<${NewPersonDrawer} key="new" onChanged=${again} onClose=${close} />`}`;
}

export function People({ part }) {
  const { state, value, error, again } = useLoaded(readPeople);
  return html`<${ConsolePage} title=${t('people.title')} note=${t('people.note')}>
    ${state === 'loading' && html`<${Loading} />`}
    ${state === 'failed' && html`<${Failed} error=${error} onRetry=${again} />`}
    ${value && html`<${PeopleTable} people=${value} part=${part} again=${again} />`}
  <//>`;
}
