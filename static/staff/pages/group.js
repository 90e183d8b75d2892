/** One shared limit: what holds now, what waits, its scenes, and its history. */
import { html, useEvery, useLoaded, useState } from '../../shared/js/view.js';
import { Button, Cell, Empty, Failed, List, Loading } from '../../shared/js/components.js';
import { count } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { to } from '../../shared/js/router.js';
import { readGroup } from '../models/groups.js';
import { deedsOf, waitingOf } from '../models/versions.js';
import { AskDialog } from './ask_dialog.js';
import { Facts } from './drawer.js';
import { groupContext } from './group_days.js';
import { shortMoment } from './moments.js';
import { ConsolePage } from './rail.js';
import { periodName } from './scene_words.js';
import { Timeline, useHistory } from './timeline.js';
import { VersionBadge } from './version_badge.js';
import { WaitingCard } from './waiting_card.js';

const READ_AGAIN_MILLISECONDS = 15_000;   // a version that waited begins by itself

function Standing({ group }) {
  return html`<p class="row scene-standing"><${VersionBadge} state="in_force" />
    <span class="small quiet">v${group.version} · ${t('version.since', { start: shortMoment(group.starts_at) })}</span></p>`;
}

function Scenes({ scenes }) {
  return html`<section class="card"><h2>${t('groups.scenes')}</h2>
    ${scenes.length === 0 ? html`<${Empty} icon="leaf" title=${t('groups.no_scenes')}>${t('groups.no_scenes.text')}<//>`
      : html`<${List}>${scenes.map(({ id, name, icon }) => html`<${Cell} key=${id} icon=${icon} title=${name} href=${to('scenes', id)} />`)}<//>`}</section>`;
}

function Group({ found, again }) {
  const { group } = found;
  const [asking, setAsking] = useState(null);
  const subject = { path: `staff/groups/${group.id}`, name: group.name, context: groupContext(group) };
  const can = deedsOf('groups');
  const { versions, more } = useHistory(subject.path, found.versions, found.next);
  const pending = waitingOf(versions);
  useEvery(READ_AGAIN_MILLISECONDS, () => pending.length > 0 && again());
  const goBack = (version) => setAsking({ title: t('version.back.title', { name: group.name, version: version.version }), word: t('version.back'), icon: 'arrow-back-up', change: { back_to: version.version } });
  return html`<${ConsolePage} title=${group.name} note=${group.id} back=${{ href: to('groups'), word: t('groups.title') }}
    actions=${can.ask && html`<${Button} kind="main" icon="edit" href=${to('change-group', group.id)}>${t('groups.change')}<//>`}>
    <${Standing} group=${group} />
    <div class="subject-halves">
      <div class="stack">
        ${pending.map((version) => html`<${WaitingCard} key=${version.version} subject=${subject} version=${version} can=${can} onDone=${again} />`)}
        <section class="card"><h2>${t('venue.limits')}</h2><${Facts} facts=${[[t('groups.points'), t('groups.points_per', { points: count(group.points), period: periodName(group.period) })]]} />
          <p class="small quiet">${t('field.cap_group.note')}</p></section>
        <${Scenes} scenes=${group.scenes} />
      </div>
      <${Timeline} versions=${versions} context=${subject.context} onBack=${can.ask ? goBack : null} more=${more} />
    </div>
    ${asking && html`<${AskDialog} subject=${subject} ...${asking} onClose=${() => setAsking(null)} onDone=${again} />`}
  <//>`;
}

export function GroupPage({ part }) {
  const { state, value, error, again } = useLoaded(() => readGroup(part), [part]);
  if (state === 'failed') return html`<main class="console-page"><${Failed} error=${error} onRetry=${again} /></main>`;
  return value ? html`<${Group} found=${value} again=${again} />` : html`<main class="console-page"><${Loading} /></main>`;
}
