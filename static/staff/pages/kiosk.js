/** One kiosk: how it is, what may be done with it, its invitation, what it said and what became of it. */
import { html, useEvery, useLoaded, useState } from '../../shared/js/view.js';
import { Failed, Icon, Loading } from '../../shared/js/components.js';
import { dayTime } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { to } from '../../shared/js/router.js';
import { healthOf, readKiosk, softwareOf } from '../models/kiosks.js';
import { READ_EVERY_MILLISECONDS } from '../models/today.js';
import { deedsOf, waitingOf } from '../models/versions.js';
import { Facts } from './drawer.js';
import { ago, HealthBadge } from './health.js';
import { KioskDeedDialog, KioskDeeds } from './kiosk_deeds.js';
import { KioskChanges, KioskEvents, KioskHeartbeats } from './kiosk_history.js';
import { KioskInvitation } from './kiosk_invitation.js';
import { Agreement, changeName, clockWords, paperWord, Queue } from './kiosk_words.js';
import { ConsolePage } from './rail.js';
import { WaitingCard } from './waiting_card.js';

function HowItIs({ kiosk, now }) {
  const moment = (value) => (value ? `${dayTime(value)} · ${ago(value, now)}` : null);
  const heard = kiosk.last_heartbeat_at;
  return html`<section class="card"><h2>${t('kiosk.now')}</h2><${Facts} facts=${[
    [t(kiosk.state === 'lost' ? 'kiosk.lost_from' : 'kiosk.since'), moment(kiosk.state_since)],
    [t('column.heartbeat'), moment(heard) ?? t('kiosk.never')],
    [t('column.sync'), moment(kiosk.last_sync_at)],
    [t('column.queue'), heard ? html`<${Queue} queue=${kiosk.queue} />` : null],
    [t('column.paper'), kiosk.paper && paperWord(kiosk.paper)],
    [t('column.software'), softwareOf(kiosk)],
    [t('column.clock'), heard && clockWords(kiosk.clock_offset_seconds)],
    [t('column.agreement'), kiosk.agreement === null ? null : html`<${Agreement} kiosk=${kiosk} now=${now} />`],
    [t('kiosk.epoch'), kiosk.epoch || null],
  ]} /></section>`;
}

function Kiosk({ found, again }) {
  const [deed, setDeed] = useState(null);
  const now = Date.now();
  const { kiosk, versions } = found;
  const subject = { path: `staff/kiosks/${kiosk.id}`, name: kiosk.venue, context: { document: {} } };
  const waiting = waitingOf(versions).map((version) => ({ ...version, title: changeName(version.change) }));
  return html`<${ConsolePage} title=${html`<span class="scene-title"><${Icon} name="device-tablet" />${kiosk.venue}</span>`} note=${`${t('kiosk.number', { number: kiosk.id })} · ${kiosk.name}`} back=${{ href: to('kiosks'), word: t('kiosks.title') }}>
    <p class="row scene-standing"><${HealthBadge} health=${healthOf(kiosk, now)} /><span class="small quiet">${t(`kiosk.means.${kiosk.state}`)}</span></p>
    <${KioskDeeds} found=${found} onDeed=${setDeed} />
    ${kiosk.rotation_waits && html`<p class="with-icon kiosk-rotates"><${Icon} name="key" small />${t('kiosk.rotates')}</p>`}
    <div class="subject-halves">
      <div class="stack">
        ${waiting.map((version) => html`<${WaitingCard} key=${version.version} subject=${subject} version=${version} can=${deedsOf('kiosks')} onDone=${again} />`)}
        <${KioskInvitation} found=${found} onDeed=${setDeed} onChanged=${again} />
        <${HowItIs} kiosk=${kiosk} now=${now} />
        <${KioskHeartbeats} heartbeats=${found.heartbeats} />
      </div>
      <div class="stack"><${KioskChanges} versions=${versions} /><${KioskEvents} events=${found.events} /></div>
    </div>
    ${deed && html`<${KioskDeedDialog} deed=${deed} kiosk=${kiosk} onClose=${() => setDeed(null)} onDone=${again} />`}
  <//>`;
}

export function KioskPage({ part }) {
  const { state, value, error, again } = useLoaded(() => readKiosk(part), [part]);
  useEvery(READ_EVERY_MILLISECONDS, again);
  if (state === 'failed' && !value) return html`<main class="console-page"><${Failed} error=${error} onRetry=${again} /></main>`;
  return value ? html`<${Kiosk} found=${value} again=${again} />` : html`<main class="console-page"><${Loading} /></main>`;
}
