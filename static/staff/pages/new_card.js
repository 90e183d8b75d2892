/** A new card: for a resident who is a member already, or for one without a phone, by nickname alone. */
import { html, useLoaded, useState } from '../../shared/js/view.js';
import { Button, Field, Icon, Segments } from '../../shared/js/components.js';
import { t } from '../../shared/js/i18n.js';
import { Trouble, useAct } from '../../shared/js/acting.js';
import { admitResident, findResidents, makeCard } from '../models/cards.js';
import { cardNumber, downloadSheets } from './card_words.js';
import { Drawer } from './drawer.js';
import { memberName } from './member_words.js';

const NICKNAME_MAX = 24;

function Found({ words, busy, onChosen }) {
  const { value } = useLoaded(() => findResidents(words), [words]);
  if (!words.trim() || !value) return null;
  if (value.length === 0) return html`<p class="small quiet" role="status">${t('card.no_resident')}</p>`;
  return html`<ul class="list">${value.map((member) => html`<li key=${member.id}>
    <button type="button" class="cell" disabled=${busy} onClick=${() => onChosen(member)}>
      <span class="cell-lead"><${Icon} name="user" /></span>
      <span class="cell-body"><span class="cell-title">${memberName(member)}</span><span class="cell-note">${member.id}</span></span></button></li>`)}</ul>`;
}

function Known({ busy, onChosen }) {
  const [words, setWords] = useState('');
  return html`<${Field} label=${t('card.search')} note=${t('card.search.note')} value=${words} maxlength="64" autocomplete="off"
      onInput=${(event) => setWords(event.target.value)} />
    <${Found} words=${words} busy=${busy} onChosen=${onChosen} />`;
}

function Fresh({ busy, onNickname }) {
  const [nickname, setNickname] = useState('');
  const send = (event) => { event.preventDefault(); onNickname(nickname.trim()); };
  return html`<form class="stack-tight" onSubmit=${send}>
    <${Field} label=${t('card.nickname')} note=${t('card.nickname.note')} value=${nickname} required maxlength=${NICKNAME_MAX} autocomplete="off"
      onInput=${(event) => setNickname(event.target.value)} />
    <${Button} kind="main" wide type="submit" icon="plus" busy=${busy} disabled=${!nickname.trim()}>${t('card.admit')}<//></form>`;
}

function Made({ card, onClose }) {
  const { busy, trouble, run } = useAct();
  return html`<p class="shown-once" role="status"><${Icon} name="circle-check" small /> ${t('card.done', { name: memberName(card.member), number: cardNumber(card) })}</p>
    <${Trouble} text=${trouble} />
    <${Button} kind="main" wide icon="printer" busy=${busy} onClick=${() => run(() => downloadSheets([card.id]))}>${t('card.print')}<//>
    <${Button} kind="plain" wide onClick=${onClose}>${t('card.print_later')}<//>`;
}

export function NewCardDrawer({ onChanged, onClose }) {
  const [way, setWay] = useState('known');
  const [card, setCard] = useState(null);
  const { busy, trouble, run } = useAct();
  const make = async (find) => {
    const made = await run(async () => makeCard((await find()).id));
    if (!made) return;
    setCard(made);
    onChanged();
  };
  return html`<${Drawer} title=${t('card.new')} onClose=${onClose}>
    <header class="drawer-head"><h2>${t('card.new')}</h2></header>
    ${card ? html`<${Made} card=${card} onClose=${onClose} />` : html`<div class="stack">
      <p class="small quiet">${t('card.new.note')}</p>
      <${Segments} label=${t('card.for')} name="card-for" value=${way} onChange=${setWay}
        options=${[{ value: 'known', label: t('card.for.known') }, { value: 'fresh', label: t('card.for.fresh') }]} />
      ${way === 'known' ? html`<${Known} busy=${busy} onChosen=${(member) => make(async () => member)} />`
        : html`<${Fresh} busy=${busy} onNickname=${(nickname) => make(() => admitResident(nickname))} />`}
      <${Trouble} text=${trouble} /></div>`}
  <//>`;
}
