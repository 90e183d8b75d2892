/** The history of a rule, newest first: each version with its time, its people, its reason and its differences. */
import { html, useState } from '../../shared/js/view.js';
import { Button } from '../../shared/js/components.js';
import { dayTime } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { readVersions } from '../models/versions.js';
import { Changes, isFresh } from './changes.js';
import { shortMoment } from './moments.js';
import { personName, reasonWords, VersionBadge } from './version_badge.js';

function spanOf({ state, starts_at: start, ends_at: end }) {
  if (state === 'ended' && end && Date.parse(end) <= Date.parse(start)) return t('version.put_aside', { start: shortMoment(start) });
  if (state === 'ended' && end) return t('version.span', { start: shortMoment(start), end: shortMoment(end) });
  return t(state === 'in_force' ? 'version.since' : 'version.would_start', { start: shortMoment(start) });
}

function Deeds({ version }) {
  const { state, asked_by: asker, asked_at: askedAt, decided_by: decider, decided_at: decidedAt, decision_reason: why } = version;
  const decision = state === 'rejected' ? 'version.rejected_by' : state === 'withdrawn' ? 'version.withdrawn_by' : 'version.approved_by';
  const told = decider && (version.second_person || state === 'rejected' || state === 'withdrawn');
  if (!asker) return html`<p class="small quiet">${t('version.by_system')}</p>`;
  return html`<p class="small quiet">${t('version.asked_by', { name: personName(asker), time: dayTime(askedAt) })}
    ${told && html`<br />${t(decision, { name: personName(decider), time: dayTime(decidedAt) })}`}
    ${why && html`<br />“${why}”`}</p>`;
}

function Version({ version, context, onBack }) {
  return html`<li class=${`version version-${version.state}`}>
    <p class="row"><b>v${version.version}</b><${VersionBadge} state=${version.state} /></p>
    <p class="small">${spanOf(version)}</p>
    ${version.reason && html`<p class="version-reason">${reasonWords(version)}</p>`}
    <${Deeds} version=${version} />
    ${!isFresh(version.changes) && version.changes.length > 0 && html`<details class="version-changes"><summary>${t('version.changes', { count: version.changes.length })}</summary>
      <${Changes} changes=${version.changes} context=${{ ...context, document: version.document }} /></details>`}
    ${onBack && version.state === 'ended' && html`<${Button} kind="quiet" icon="arrow-back-up" onClick=${() => onBack(version)}>${t('version.back')}<//>`}
  </li>`;
}

/** {versions, more}: the newest versions with the older pages that were asked for. */
export function useHistory(path, newest, next) {
  const [older, setOlder] = useState({ data: [], next: undefined, busy: false });
  const cursor = older.next === undefined ? next : older.next;
  const read = async () => {
    setOlder((before) => ({ ...before, busy: true }));
    const page = await readVersions(path, cursor).catch(() => null);   // the button stays, to be pressed again
    setOlder((before) => (page ? { data: [...before.data, ...page.data], next: page.next, busy: false } : { ...before, busy: false }));
  };
  return { versions: [...newest, ...older.data], more: cursor ? { busy: older.busy, read } : null };
}

export function Timeline({ versions, context, onBack, more }) {
  return html`<section class="card timeline-card" aria-labelledby="history-title"><h2 id="history-title">${t('version.history')}</h2>
    <ol class="timeline">${versions.map((version) => html`<${Version} key=${version.version} version=${version} context=${context} onBack=${onBack} />`)}</ol>
    ${more && html`<${Button} kind="line" wide busy=${more.busy} onClick=${more.read}>${t('version.older')}<//>`}
  </section>`;
}
