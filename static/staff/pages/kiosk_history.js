/** What a kiosk said in the last day, and what was done to it. */
import { html, useState } from '../../shared/js/view.js';
import { Button } from '../../shared/js/components.js';
import { count, dayTime } from '../../shared/js/format.js';
import { hasWords, t } from '../../shared/js/i18n.js';
import { changeName, clockWords, paperWord } from './kiosk_words.js';
import { personName, VersionBadge } from './version_badge.js';

const SHOWN = 12;   // an hour of heartbeats

function More({ all, shown, onMore }) {
  return all > shown && html`<${Button} kind="line" wide icon="chevron-down" onClick=${onMore}>${t('kiosk.all', { count: all })}<//>`;
}

export function KioskHeartbeats({ heartbeats }) {
  const [shown, setShown] = useState(SHOWN);
  return html`<section class="card stack-tight" aria-labelledby="heartbeats-title"><h2 id="heartbeats-title">${t('kiosk.heartbeats')}</h2>
    ${heartbeats.length === 0 ? html`<p class="quiet">${t('kiosk.heartbeats.none')}</p>` : html`<p class="small quiet">${t('kiosk.heartbeats.note')}</p>
      <div class="kiosk-beats" tabindex="0" role="region" aria-label=${t('kiosk.heartbeats')}><table>
        <thead><tr>${['heartbeat', 'queue', 'clock', 'paper', 'agreement'].map((key) => html`<th key=${key} scope="col">${t(`column.${key}`)}</th>`)}</tr></thead>
        <tbody>${heartbeats.slice(0, shown).map((beat) => html`<tr key=${beat.received_at}><th scope="row">${dayTime(beat.received_at)}</th><td>${count(beat.queue)}</td>
          <td>${clockWords(beat.clock_offset_seconds)}</td><td>${paperWord(beat.paper)}</td><td>${beat.agreement === null ? '–' : `v${beat.agreement}`}</td></tr>`)}</tbody>
      </table></div>`}
    <${More} all=${heartbeats.length} shown=${shown} onMore=${() => setShown(heartbeats.length)} />
  </section>`;
}

/** Decisions of the staff, newest first. */
export function KioskChanges({ versions }) {
  if (versions.length === 0) return null;
  return html`<section class="card timeline-card" aria-labelledby="changes-title"><h2 id="changes-title">${t('kiosk.changes')}</h2>
    <ol class="timeline">${versions.map((version) => html`<li key=${version.version} class=${`version version-${version.state}`}>
      <p class="row"><b>${changeName(version.change)}</b>${(version.second_person || version.state === 'in_force') && html`<${VersionBadge} state=${version.state} />`}</p>
      ${version.document.since && html`<p class="small">${t('kiosk.lost_since', { time: dayTime(version.document.since) })}</p>`}
      <p class="version-reason">${version.reason}</p>
      <p class="small quiet">${t('version.asked_by', { name: personName(version.asked_by), time: dayTime(version.asked_at) })}
        ${version.second_person && version.decided_by && html`<br />${personName(version.decided_by)} · ${dayTime(version.decided_at)}${version.decision_reason && ` · “${version.decision_reason}”`}`}</p>
    </li>`)}</ol></section>`;
}

function actName(act) {
  return hasWords(`act.${act}`) ? t(`act.${act}`) : act;
}

/** The audit trail of this kiosk. */
export function KioskEvents({ events }) {
  const [shown, setShown] = useState(SHOWN);
  return html`<section class="card stack-tight" aria-labelledby="events-title"><h2 id="events-title">${t('kiosk.events')}</h2>
    ${events.length === 0 ? html`<p class="quiet">${t('kiosk.events.none')}</p>` : html`<ol class="kiosk-events">${events.slice(0, shown).map((line) => html`<li key=${line.id}>
      <time class="small quiet" datetime=${line.at}>${dayTime(line.at)}</time><p><b>${line.actor_name ?? line.actor}</b> ${actName(line.act)}</p>
      ${line.detail.reason && html`<p class="small quiet">${line.detail.reason}</p>`}</li>`)}</ol>`}
    <${More} all=${events.length} shown=${shown} onMore=${() => setShown(events.length)} />
  </section>`;
}
