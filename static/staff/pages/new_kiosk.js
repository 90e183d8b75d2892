/** One more kiosk at a place: asked for here, decided by a second person. */
import { html, useLoaded, useState } from '../../shared/js/view.js';
import { Button, Failed, Field, Loading, toast } from '../../shared/js/components.js';
import { t } from '../../shared/js/i18n.js';
import { go } from '../../shared/js/router.js';
import { Trouble, useAct } from '../../shared/js/acting.js';
import { askForKiosk } from '../models/kiosks.js';
import { readVenues } from '../models/venues.js';
import { refreshWaiting } from '../models/waiting.js';
import { Drawer } from './drawer.js';
import { Reason } from './reason.js';

function NewKioskForm({ venues, onMade }) {
  const [entered, setEntered] = useState({ venue: '', name: '', reason: '' });
  const { busy, trouble, run } = useAct();
  const enter = (name, value) => setEntered((before) => ({ ...before, [name]: value }));
  const trimmed = Object.fromEntries(Object.entries(entered).map(([name, value]) => [name, value.trim()]));
  const send = async (event) => {
    event.preventDefault();
    const made = await run(() => askForKiosk(trimmed));
    if (made) onMade(made);
  };
  return html`<form class="stack" onSubmit=${send}>
    <p>${t('kiosks.new.text')}</p>
    <${Field} id="new-kiosk-venue" label=${t('kiosks.new.venue')}>
      <select id="new-kiosk-venue" required value=${entered.venue} onChange=${(event) => enter('venue', event.target.value)}>
        <option value="">${t('kiosks.new.choose')}</option>
        ${venues.map((venue) => html`<option key=${venue.id} value=${venue.id}>${venue.name}</option>`)}
      </select><//>
    <${Field} label=${t('kiosks.new.name')} note=${t('kiosks.new.name.note')} value=${entered.name} required maxlength="40" pattern="[a-z0-9][a-z0-9\\-]*" autocomplete="off"
      autocapitalize="none" spellcheck=${false} onInput=${(event) => enter('name', event.target.value)} />
    <${Reason} value=${entered.reason} onInput=${(value) => enter('reason', value)} />
    <${Trouble} text=${trouble} />
    <${Button} kind="main" wide type="submit" icon="mail" busy=${busy} disabled=${Object.values(trimmed).some((value) => !value)}>${t('ask.send')}<//>
  </form>`;
}

export function NewKioskDrawer({ onChanged, onClose }) {
  const { value: venues, error, again } = useLoaded(readVenues);
  const made = (kiosk) => {
    toast(t('ask.asked'));
    refreshWaiting();
    onChanged();
    onClose();
    go('kiosks', kiosk.id);
  };
  return html`<${Drawer} title=${t('kiosks.new')} onClose=${onClose}>
    <header class="drawer-head"><h2>${t('kiosks.new')}</h2></header>
    ${venues ? html`<${NewKioskForm} venues=${venues} onMade=${made} />` : error ? html`<${Failed} error=${error} onRetry=${again} />` : html`<${Loading} />`}
  <//>`;
}
