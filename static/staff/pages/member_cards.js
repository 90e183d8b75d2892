/** The cards of one resident: the one that counts, those before, and a new one. */
import { html, useLoaded } from '../../shared/js/view.js';
import { Button, Failed, Icon, Loading, toast } from '../../shared/js/components.js';
import { day } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { go } from '../../shared/js/router.js';
import { Trouble, useAct } from '../../shared/js/acting.js';
import { makeCard, readCards } from '../models/cards.js';
import { may } from '../models/session.js';
import { CardBadge, cardNumber, downloadSheets } from './card_words.js';

const SHOWN = 5;

function Line({ card }) {
  return html`<li><button type="button" class="member-adjustment" onClick=${() => go('cards', card.id)}>
    <${Icon} name="id" />
    <span>${cardNumber(card)}<small class="quiet">${t('card.until', { day: day(Date.parse(card.valid_until) - 1000) })}</small></span><${CardBadge} state=${card.state} /></button></li>`;
}

export function MemberCards({ member, free }) {
  const { state, value, error, again } = useLoaded(() => readCards({ member: member.id, limit: SHOWN }), [member.id]);
  const { busy, trouble, run } = useAct();
  const cards = value?.data ?? [];
  const standing = cards.some((card) => card.state === 'valid');
  const make = async () => {
    const made = await run(() => makeCard(member.id));
    if (!made) return;
    toast(t('card.done', { name: member.nickname, number: cardNumber(made) }));
    again();
    await run(() => downloadSheets([made.id]));
  };
  return html`<section class="card stack-tight" aria-labelledby="cards-title"><h2 id="cards-title">${t('member.cards')}</h2>
    ${state === 'loading' && html`<${Loading} />`}
    ${state === 'failed' && html`<${Failed} error=${error} onRetry=${again} />`}
    ${state === 'ready' && !cards.length && html`<p class="quiet small">${t('member.cards.none')}</p>`}
    <ul>${cards.map((card) => html`<${Line} key=${card.id} card=${card} />`)}</ul>
    <${Trouble} text=${trouble} />
    ${may('staff_create_card') && free && html`<${Button} kind="line" icon="id" busy=${busy} onClick=${make}>${t(standing ? 'card.replace' : 'card.new')}<//>`}
  </section>`;
}
