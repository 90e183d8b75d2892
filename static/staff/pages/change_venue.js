/** The page that changes what a place offers. */
import { html, useLoaded, useRef } from '../../shared/js/view.js';
import { Failed, Loading } from '../../shared/js/components.js';
import { language, t } from '../../shared/js/i18n.js';
import { go, to } from '../../shared/js/router.js';
import { readScenes } from '../models/scenes.js';
import { venueDocument, venueForm, venueTroubles } from '../models/venue_form.js';
import { readVenue } from '../models/venues.js';
import { askVersion, previewVersion } from '../models/versions.js';
import { BothLanguages } from './both_languages.js';
import { useEditing } from './editing.js';
import { Amount, Tick } from './entry_fields.js';
import { FoundDraft, LeavingGuard, Waits } from './leaving.js';
import { ConsolePage } from './rail.js';
import { SendPanel } from './send_panel.js';
import { sendingKeys, useSending } from './sending.js';
import { OffersEditor } from './venue_offers.js';

const NAME_MAX = 48;

export function Place({ edit }) {
  const attended = edit.bind('profile.attended');
  return html`<section class="card stack"><h2>${t('venue.place')}</h2>
    <${BothLanguages} edit=${edit} field="name" label=${t('field.name')} limit=${NAME_MAX} />
    <${Tick} label=${t('field.attended')} note=${t('field.attended.place')} value=${attended.value} onChange=${attended.set} /></section>`;
}

export function Limits({ edit }) {
  const amount = (field, word, unit, note) => html`<${Amount} edit=${edit} field=${`profile.${field}`} label=${t(`field.${word}`)} unit=${unit} note=${note} />`;
  return html`<section class="card stack"><h2>${t('venue.limits')}</h2>
    <div class="fields-row">${amount('group.per_code', 'per_code', t('venue.people'), t('field.per_code.note'))}${amount('group.seats', 'seats', t('venue.people'))}
      ${amount('group.window_minutes', 'window_minutes', t('time.minute'))}</div>
    <div class="fields-row">${amount('ceilings.points_per_hour', 'points_per_hour', t('field.points.unit'), t('field.points_per_hour.note'))}${amount('ticket_days', 'ticket_days', t('time.day'))}</div>
  </section>`;
}

function VenueEditor({ path, id, document, scenes }) {
  const first = useRef(venueForm(document, scenes)).current;
  const edit = useEditing({ name: path, first, check: (form) => venueTroubles(form, scenes) });
  const written = () => venueDocument(edit.form, scenes);
  const sending = useSending({
    edit, document: written, ask: (change) => previewVersion(path, change), send: (change) => askVersion(path, change), onSent: () => go('venues', id, { replace: true }),
  });
  const context = { document, scenes: new Map(scenes.map((scene) => [scene.number, scene])) };
  return html`<div class="editor" onKeyDown=${sendingKeys(sending.submit)}>
    <form class="stack" onSubmit=${(event) => event.preventDefault()}>
      <${FoundDraft} edit=${edit} /><${OffersEditor} edit=${edit} scenes=${scenes} /><${Limits} edit=${edit} /><${Place} edit=${edit} />
    </form>
    <${SendPanel} edit=${edit} sending=${sending} context=${context} word="ask.do" onSend=${sending.submit} />
    <${LeavingGuard} unsaved=${edit.unsaved} onLeave=${edit.drop} />
  </div>`;
}

async function readBoth(id) {
  const [venue, scenes] = await Promise.all([readVenue(id), readScenes()]);
  return { ...venue, scenes };
}

export function ChangeVenue({ part }) {
  const { state, value, error, again } = useLoaded(() => readBoth(part), [part]);
  if (state === 'failed') return html`<main class="console-page"><${Failed} error=${error} onRetry=${again} /></main>`;
  if (!value) return html`<main class="console-page"><${Loading} /></main>`;
  const name = value.document[`name_${language()}`];
  return html`<${ConsolePage} title=${t('editor.title', { name })} note=${`${part} · v${value.venue.version}`} back=${{ href: to('venues', part), word: name }}>
    <${Waits} versions=${value.versions} />
    <${VenueEditor} path=${`staff/venues/${part}`} id=${part} document=${value.document} scenes=${value.scenes} /><//>`;
}
