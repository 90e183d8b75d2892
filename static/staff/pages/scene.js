/** One scene: the rule in force, what waits, and its history; with what this person may do about it. */
import { html, useEvery, useLoaded, useState } from '../../shared/js/view.js';
import { Badge, Button, Failed, Icon, Loading } from '../../shared/js/components.js';
import { language, t } from '../../shared/js/i18n.js';
import { to } from '../../shared/js/router.js';
import { readScene } from '../models/scenes.js';
import { deedsOf, waitingOf } from '../models/versions.js';
import { AskDialog } from './ask_dialog.js';
import { shortMoment } from './moments.js';
import { ConsolePage } from './rail.js';
import { SceneRule } from './scene_rule.js';
import { className } from './scene_words.js';
import { Timeline, useHistory } from './timeline.js';
import { VersionBadge } from './version_badge.js';
import { WaitingCard } from './waiting_card.js';

const READ_AGAIN_MILLISECONDS = 15_000;   // a version that waited begins by itself

function Deeds({ document, state, can, onTurn }) {
  const { slug, active } = document;
  if (!can.ask) return null;
  return html`
    ${state !== 'asked' && html`<${Button} kind="main" icon="edit" href=${to('change-scene', slug)}>${t('scene.change')}<//>`}
    ${state === 'in_force' && html`<${Button} kind="line" icon=${active ? 'ban' : 'refresh'} onClick=${onTurn}>${t(active ? 'scene.pause' : 'scene.resume')}<//>`}
    <${Button} kind="line" icon="copy" href=${to('new-scene', slug)}>${t('scene.copy')}<//>`;
}

function Standing({ rule, document }) {
  return html`<p class="row scene-standing">
    <${Badge} tone="sea">${className(document.scene_class)}<//>
    ${!document.active && html`<${Badge} tone="amber" icon="ban">${t('scene.paused')}<//>`}
    <${VersionBadge} state=${rule.state} />
    <span class="small quiet">v${rule.version} · ${t(rule.state === 'in_force' ? 'version.since' : 'version.would_start', { start: shortMoment(rule.starts_at) })}</span></p>`;
}

function Scene({ scene, again }) {
  const { document, factors, rule } = scene;
  const [asking, setAsking] = useState(null);
  const name = document[`name_${language()}`];
  const subject = { path: `staff/scenes/${document.slug}`, name, context: { document } };
  const can = deedsOf('scenes');
  const { versions, more } = useHistory(subject.path, scene.versions, scene.next);
  const pending = waitingOf(versions);
  useEvery(READ_AGAIN_MILLISECONDS, () => pending.length > 0 && again());
  const turned = { ...document, active: !document.active };
  const turn = () => setAsking({ title: t(document.active ? 'scene.pause.title' : 'scene.resume.title', { name }), word: t(document.active ? 'scene.pause' : 'scene.resume'),
    icon: document.active ? 'ban' : 'refresh', change: { document: turned } });
  const goBack = (version) => setAsking({ title: t('version.back.title', { name, version: version.version }), word: t('version.back'), icon: 'arrow-back-up', change: { back_to: version.version } });
  return html`<${ConsolePage} title=${html`<span class="scene-title"><${Icon} name=${document.icon} />${name}</span>`} note=${`${document.number} · ${document.slug}`}
    back=${{ href: to('scenes'), word: t('scenes.title') }} actions=${html`<${Deeds} document=${document} state=${rule.state} can=${can} onTurn=${turn} />`}>
    <${Standing} rule=${rule} document=${document} />
    <div class="subject-halves">
      <div class="stack">
        ${pending.map((version) => html`<${WaitingCard} key=${version.version} subject=${subject} version=${version} can=${can} onDone=${again} />`)}
        <${SceneRule} document=${document} factors=${factors} />
      </div>
      <${Timeline} versions=${versions} context=${subject.context} onBack=${can.ask ? goBack : null} more=${more} />
    </div>
    ${asking && html`<${AskDialog} subject=${subject} ...${asking} onClose=${() => setAsking(null)} onDone=${again} />`}
  <//>`;
}

export function ScenePage({ part }) {
  const { state, value, error, again } = useLoaded(() => readScene(part), [part]);
  if (state === 'failed') return html`<main class="console-page"><${Failed} error=${error} onRetry=${again} /></main>`;
  if (!value || value.document.slug !== part) return html`<main class="console-page"><${Loading} /></main>`;
  return html`<${Scene} key=${part} scene=${value} again=${again} />`;
}
