/** The members: found by nickname or id, newest first, page by page. */
import { html, useState } from '../../shared/js/view.js';
import { Button, Empty, Failed, Loading } from '../../shared/js/components.js';
import { count, day, grams } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { go } from '../../shared/js/router.js';
import { readMembers } from '../models/members.js';
import { MemberPage } from './member.js';
import { KindBadge, memberName } from './member_words.js';
import { usePaged } from './paged.js';
import { ConsolePage } from './rail.js';
import { Search, Table } from './table.js';

const PAUSE_MILLISECONDS = 300;   // one search for a word, not one for each letter

function columnsNow() {
  return [
    { key: 'member', label: t('column.member'), head: true,
      cell: (member) => html`<span class="kiosk-name"><span>${memberName(member)}</span><small class="quiet">${member.id}</small></span>` },
    { key: 'kind', label: t('column.kind'), cell: ({ kind }) => html`<${KindBadge} kind=${kind} />` },
    { key: 'available', label: t('column.available'), number: true, cell: ({ available }) => html`<b class="points">${count(available)}</b>` },
    { key: 'held', label: t('column.held'), number: true, cell: ({ held }) => count(held) },
    { key: 'debt', label: t('column.debt'), number: true, cell: ({ debt }) => (debt > 0 ? html`<b class="amber">${count(debt)}</b>` : '0') },
    { key: 'grams', label: t('column.grams'), number: true, cell: (member) => html`<span class="grams">${grams(member.reduction_grams)}</span>` },
    { key: 'since', label: t('column.since'), wide: true, cell: (member) => day(member.created_at) },
  ];
}

function Nobody({ words }) {
  const searched = words.trim() !== '';
  return html`<div class="card"><${Empty} icon=${searched ? 'search' : 'user'} title=${t(searched ? 'table.nothing_found' : 'members.empty')}>
    ${t(searched ? 'members.other_words' : 'members.empty.text')}<//></div>`;
}

function MemberList() {
  const [words, setWords] = useState('');
  const { state, rows, next, error, busy, again, more } = usePaged((cursor) => readMembers(words, cursor), [words], words ? PAUSE_MILLISECONDS : 0);
  return html`<${ConsolePage} title=${t('members.title')} note=${t('members.note')}>
    <div class="tools audit-tools"><${Search} value=${words} onInput=${setWords} label=${t('members.search')} /></div>
    ${state === 'loading' && html`<${Loading} />`}
    ${state === 'failed' && html`<${Failed} error=${error} onRetry=${again} />`}
    ${state === 'ready' && rows.length === 0 && html`<${Nobody} words=${words} />`}
    ${rows.length > 0 && html`<${Table} label=${t('members.title')} columns=${columnsNow()} rows=${rows} onOpen=${(member) => go('members', member.id)} />`}
    ${next && html`<p class="audit-more"><${Button} kind="line" icon="chevron-down" busy=${busy} onClick=${more}>${t('action.more')}<//></p>`}
  <//>`;
}

export function Members({ part }) {
  return part ? html`<${MemberPage} key=${part} part=${part} />` : html`<${MemberList} />`;
}
