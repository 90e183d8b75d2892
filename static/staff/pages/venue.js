/** One place: what it offers now, what waits, and its history. */
import { html, useEvery, useLoaded, useState } from '../../shared/js/view.js';
import { Badge, Button, Failed, Loading } from '../../shared/js/components.js';
import { count } from '../../shared/js/format.js';
import { language, t } from '../../shared/js/i18n.js';
import { to } from '../../shared/js/router.js';
import { readScenes } from '../models/scenes.js';
import { deedsOf, waitingOf } from '../models/versions.js';
import { may } from '../models/session.js';
import { readVenue } from '../models/venues.js';
import { AskDialog } from './ask_dialog.js';
import { Facts } from './drawer.js';
import { shortMoment } from './moments.js';
import { PlaceSign } from './place_sign.js';
import { ConsolePage } from './rail.js';
import { Timeline, useHistory } from './timeline.js';
import { Offers } from './venue_offers.js';
import { VersionBadge } from './version_badge.js';
import { WaitingCard } from './waiting_card.js';

const READ_AGAIN_MILLISECONDS = 15_000;   // a version that waited begins by itself

async function readBoth(id) {
  const [venue, scenes] = await Promise.all([readVenue(id), readScenes()]);
  return { ...venue, scenes };
}

function Limits({ profile: { group, ceilings, ticket_days: days, routes } }) {
  return html`<section class="card"><h2>${t('venue.limits')}</h2><${Facts} facts=${[
    [t('field.per_code'), group.per_code ? t('venue.times', { count: count(group.per_code) }) : t('venue.no_group')],
    [t('field.seats'), group.seats ? t('venue.seats', { seats: count(group.seats), minutes: group.window_minutes }) : null],
    [t('field.points_per_hour'), t('venue.points_per_hour', { points: count(ceilings.points_per_hour) })],
    [t('field.ticket_days'), t('cool_down.day', { number: days })],
    [t('field.routes'), routes.length > 0 ? t('venue.routes', { count: routes.length }) : null],
  ]} /></section>`;
}

function Standing({ venue, profile }) {
  return html`<p class="row scene-standing"><${Badge} tone="sea" icon="map-pin">${t(`side.${venue.side}`)}<//>
    ${profile.attended && html`<${Badge} tone="pine" icon="user-check">${t('venue.attended')}<//>`}
    <${VersionBadge} state="in_force" /><span class="small quiet">v${venue.version} · ${t('version.since', { start: shortMoment(venue.starts_at) })}</span></p>`;
}

function Venue({ place, again }) {
  const { venue, document, scenes } = place;
  const [asking, setAsking] = useState(null);
  const name = document[`name_${language()}`];
  const context = { document, scenes: new Map(scenes.map((scene) => [scene.number, scene])) };
  const subject = { path: `staff/venues/${venue.id}`, name, context };
  const can = deedsOf('venues');
  const { versions, more } = useHistory(subject.path, place.versions, place.next);
  const pending = waitingOf(versions);
  useEvery(READ_AGAIN_MILLISECONDS, () => pending.length > 0 && again());
  const goBack = (version) => setAsking({ title: t('version.back.title', { name, version: version.version }), word: t('version.back'), icon: 'arrow-back-up', change: { back_to: version.version } });
  return html`<${ConsolePage} title=${name} note=${venue.id} back=${{ href: to('venues'), word: t('venues.title') }}
    actions=${html`${may('staff_print_place_sign') && html`<${PlaceSign} id=${venue.id} name=${name} />`}
      ${can.ask && html`<${Button} kind="main" icon="edit" href=${to('change-venue', venue.id)}>${t('venue.change')}<//>`}`}>
    <${Standing} venue=${venue} profile=${document.profile} />
    <div class="subject-halves">
      <div class="stack">
        ${pending.map((version) => html`<${WaitingCard} key=${version.version} subject=${subject} version=${version} can=${can} onDone=${again} />`)}
        <section class="card"><h2>${t('venue.offers')}</h2><${Offers} profile=${document.profile} scenes=${scenes} /></section>
        <${Limits} profile=${document.profile} />
      </div>
      <${Timeline} versions=${versions} context=${context} onBack=${can.ask ? goBack : null} more=${more} />
    </div>
    ${asking && html`<${AskDialog} subject=${subject} ...${asking} onClose=${() => setAsking(null)} onDone=${again} />`}
  <//>`;
}

export function VenuePage({ part }) {
  const { state, value, error, again } = useLoaded(() => readBoth(part), [part]);
  if (state === 'failed') return html`<main class="console-page"><${Failed} error=${error} onRetry=${again} /></main>`;
  return value ? html`<${Venue} place=${value} again=${again} />` : html`<main class="console-page"><${Loading} /></main>`;
}
