/** The page that opens a place: what it is for ever, and what it is to offer. */
import { html, useLoaded, useRef } from '../../shared/js/view.js';
import { Button, Failed, Loading } from '../../shared/js/components.js';
import { t } from '../../shared/js/i18n.js';
import { go, to } from '../../shared/js/router.js';
import { newVenueForm, newVenueTroubles, placeOf, SIDES } from '../models/new_venue_form.js';
import { slugOf } from '../models/scene_form.js';
import { readScenes } from '../models/scenes.js';
import { venueDocument } from '../models/venue_form.js';
import { createVenue, previewVenue } from '../models/venues.js';
import { Limits, Place } from './change_venue.js';
import { useEditing } from './editing.js';
import { Amount, Select } from './entry_fields.js';
import { FoundDraft, LeavingGuard } from './leaving.js';
import { ConsolePage } from './rail.js';
import { SendPanel } from './send_panel.js';
import { sendingKeys, useSending } from './sending.js';
import { OffersEditor } from './venue_offers.js';

const DRAFT = 'new-venue';

function ForEver({ edit }) {
  const id = edit.bind('id');
  const side = edit.bind('side');
  const suggested = !id.value && slugOf(edit.form.name_en);
  return html`<section class="card stack"><h2>${t('venue.for_ever')}</h2>
    <div class="fields-row"><${Amount} edit=${edit} field="id" label=${t('field.slug')} note=${t('field.slug.note')} />
      ${suggested && html`<${Button} kind="quiet" onClick=${() => id.set(suggested)}>${t('field.slug.take', { slug: suggested })}<//>`}</div>
    <div class="fields-row"><${Select} label=${t('field.side')} field="side" options=${SIDES.map((each) => [each, t(`side.${each}`)])} value=${side.value} onChange=${side.set} />
      <${Amount} edit=${edit} field="map.x" label=${t('field.map_x')} unit="‰" note=${t('field.map.note')} /><${Amount} edit=${edit} field="map.y" label=${t('field.map_y')} unit="‰" /></div>
  </section>`;
}

function NewVenueEditor({ scenes }) {
  const first = useRef(newVenueForm(scenes)).current;
  const edit = useEditing({ name: DRAFT, first, check: (form) => newVenueTroubles(form, scenes) });
  const written = () => venueDocument(edit.form, scenes);
  const whole = (change) => ({ ...placeOf(edit.form), ...change });
  const sending = useSending({
    edit, document: written, ask: (change) => previewVenue(whole(change)), send: (change) => createVenue(whole(change)), onSent: ({ venue }) => go('venues', venue, { replace: true }),
  });
  const context = { document: written(), scenes: new Map(scenes.map((scene) => [scene.number, scene])) };
  return html`<div class="editor" onKeyDown=${sendingKeys(sending.submit)}>
    <form class="stack" onSubmit=${(event) => event.preventDefault()}>
      <${FoundDraft} edit=${edit} /><${Place} edit=${edit} /><${ForEver} edit=${edit} /><${OffersEditor} edit=${edit} scenes=${scenes} all /><${Limits} edit=${edit} />
    </form>
    <${SendPanel} edit=${edit} sending=${sending} context=${context} word="venue.open" onSend=${sending.submit} />
    <${LeavingGuard} unsaved=${edit.unsaved} onLeave=${edit.drop} />
  </div>`;
}

export function NewVenue() {
  const { state, value, error, again } = useLoaded(readScenes);
  return html`<${ConsolePage} title=${t('venue.new')} note=${t('venue.new.note')} back=${{ href: to('venues'), word: t('venues.title') }}>
    ${state === 'failed' && html`<${Failed} error=${error} onRetry=${again} />`}
    ${state !== 'failed' && !value && html`<${Loading} />`}
    ${value && html`<${NewVenueEditor} scenes=${value} />`}
  <//>`;
}
