/** Residents' cards: found by nickname or number, chosen for a sheet, made and revoked. */
import { html, useState } from '../../shared/js/view.js';
import { Button, Empty, Failed, Loading } from '../../shared/js/components.js';
import { day } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { go } from '../../shared/js/router.js';
import { Trouble, useAct } from '../../shared/js/acting.js';
import { readCards } from '../models/cards.js';
import { may } from '../models/session.js';
import { CardDrawer } from './card_drawer.js';
import { CardBadge, cardNumber, downloadSheets } from './card_words.js';
import { memberName } from './member_words.js';
import { NewCardDrawer } from './new_card.js';
import { usePaged } from './paged.js';
import { ConsolePage } from './rail.js';
import { Search, Table } from './table.js';

const PAUSE_MILLISECONDS = 300;
const SHEET_CARDS_MAX = 50;

function Choice({ card, chosen, onChoose }) {
  if (card.state !== 'valid') return '–';
  const stop = (event) => event.stopPropagation();   // the row behind it opens the card
  return html`<label class="card-choice" onClick=${stop}><input type="checkbox" checked=${chosen} onChange=${() => onChoose(card.id)} />
    <span class="visually-hidden">${t('card.choose', { name: memberName(card.member), number: cardNumber(card) })}</span></label>`;
}

function columnsNow(chosen, onChoose) {
  const choice = { key: 'sheet', label: t('card.sheet'), cell: (card) => html`<${Choice} card=${card} chosen=${chosen.includes(card.id)} onChoose=${onChoose} />` };
  return [
    { key: 'member', label: t('column.member'), head: true,
      cell: (card) => html`<span class="kiosk-name"><span>${memberName(card.member)}</span><small class="quiet">${cardNumber(card)}</small></span>` },
    { key: 'state', label: t('column.state'), cell: ({ state }) => html`<${CardBadge} state=${state} />` },
    { key: 'until', label: t('column.until'), cell: (card) => day(Date.parse(card.valid_until) - 1000) },
    { key: 'made', label: t('card.made'), wide: true, cell: (card) => `${day(card.created_at)} · ${card.created_by}` },
    ...(may('staff_print_card_sheets') ? [choice] : []),
  ];
}

function PrintChosen({ chosen, onDone }) {
  const { busy, trouble, run } = useAct();
  const print = async () => { if (await run(() => downloadSheets(chosen))) onDone(); };
  return html`<${Button} kind="line" icon="printer" busy=${busy} disabled=${!chosen.length} onClick=${print}>
      ${chosen.length ? t('card.print.count', { count: chosen.length }) : t('card.print.none')}<//>
    <${Trouble} text=${trouble} />`;
}

function useChosen() {
  const [chosen, setChosen] = useState([]);
  const turn = (id) => setChosen((before) => (before.includes(id) ? before.filter((each) => each !== id) : [...before, id].slice(-SHEET_CARDS_MAX)));
  return [chosen, turn, () => setChosen([])];
}

export function Cards({ part }) {
  const [words, setWords] = useState('');
  const [chosen, choose, chooseNone] = useChosen();
  const { state, rows, next, error, busy, again, more } = usePaged((cursor) => readCards({ words, cursor }), [words], words ? PAUSE_MILLISECONDS : 0);
  const opened = rows.find((card) => card.id === part);
  const close = () => go('cards');
  const changed = () => { chooseNone(); again(); };
  return html`<${ConsolePage} title=${t('cards.title')} note=${t('cards.note')}>
    <div class="tools"><${Search} value=${words} onInput=${setWords} label=${t('cards.search')} />
      ${may('staff_print_card_sheets') && html`<${PrintChosen} chosen=${chosen} onDone=${chooseNone} />`}
      ${may('staff_create_card') && html`<${Button} icon="plus" kind="main" onClick=${() => go('cards', 'new')}>${t('card.new')}<//>`}</div>
    ${state === 'loading' && html`<${Loading} />`}
    ${state === 'failed' && html`<${Failed} error=${error} onRetry=${again} />`}
    ${state === 'ready' && rows.length === 0 && html`<div class="card"><${Empty} icon="id" title=${t(words.trim() ? 'table.nothing_found' : 'cards.empty')}>
      ${t(words.trim() ? 'table.other_words' : 'cards.empty.text')}<//></div>`}
    ${rows.length > 0 && html`<${Table} label=${t('cards.title')} columns=${columnsNow(chosen, choose)} rows=${rows} onOpen=${(card) => go('cards', card.id)} />`}
    ${next && html`<p class="audit-more"><${Button} kind="line" icon="chevron-down" busy=${busy} onClick=${more}>${t('action.more')}<//></p>`}
    ${opened && html`<${CardDrawer} key=${opened.id} card=${opened} onChanged=${changed} onClose=${close} />`}
    ${part === 'new' && html`<${NewCardDrawer} key="new" onChanged=${changed} onClose=${close} />`}
  <//>`;
}
