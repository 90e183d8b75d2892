/** Which place a merchant's till stands at, and the choice of another. */
import { html, useLoaded, useState } from '../../shared/js/view.js';
import { Button, Dialog, Field, toast } from '../../shared/js/components.js';
import { t } from '../../shared/js/i18n.js';
import { Trouble, useAct } from '../../shared/js/acting.js';
import { placeMerchant } from '../models/merchants.js';
import { may } from '../models/session.js';
import { readVenues } from '../models/venues.js';
import { Reason } from './reason.js';

const NONE = '';
const REASON_SHORTEST = 3;

function Choose({ merchant, venues, onClose, onDone }) {
  const [venue, setVenue] = useState(merchant.venue_id ?? NONE);
  const [reason, setReason] = useState('');
  const { busy, trouble, run } = useAct();
  const same = venue === (merchant.venue_id ?? NONE);
  const send = async () => {
    if (!(await run(() => placeMerchant(merchant.id, venue || null, reason.trim())))) return;
    toast(t('merchant.till.done'));
    onClose();
    onDone();
  };
  return html`<${Dialog} look="dialog" open title=${t('merchant.till.title', { name: merchant.name })} onClose=${onClose} actions=${html`
    <${Trouble} text=${trouble} /><div class="row">
      <${Button} kind="main" icon="check" busy=${busy} disabled=${same || reason.trim().length < REASON_SHORTEST} onClick=${send}>${t('merchant.till.do')}<//>
      <${Button} kind="plain" onClick=${onClose}>${t('action.cancel')}<//></div>`}>
    <p>${t('merchant.till.text')}</p>
    <${Field} label=${t('column.venue')} id="till-place"><select id="till-place" onChange=${(event) => setVenue(event.target.value)}>
      <option value=${NONE} selected=${venue === NONE}>${t('merchant.till.none')}</option>
      ${venues.map(({ id, name }) => html`<option key=${id} value=${id} selected=${venue === id}>${name}</option>`)}</select><//>
    <${Reason} value=${reason} onInput=${setReason} />
  <//>`;
}

export function MerchantPlace({ merchant, onDone }) {
  const [open, setOpen] = useState(false);
  const { value: venues } = useLoaded(readVenues);
  const here = venues?.find(({ id }) => id === merchant.venue_id);
  return html`<section class="card stack-tight"><h2>${t('merchant.till')}</h2>
    <p>${here ? t('merchant.till.at', { place: here.name }) : t('merchant.till.none.text')}</p>
    ${may('staff_place_merchant') && venues && html`<div class="row"><${Button} kind="line" icon="map-pin" onClick=${() => setOpen(true)}>${t('merchant.till.change')}<//></div>`}
    ${open && html`<${Choose} merchant=${merchant} venues=${venues} onClose=${() => setOpen(false)} onDone=${onDone} />`}
  </section>`;
}
