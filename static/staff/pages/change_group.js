/** The page that changes how many points scenes share. */
import { html, useLoaded, useRef } from '../../shared/js/view.js';
import { Failed, Loading } from '../../shared/js/components.js';
import { t } from '../../shared/js/i18n.js';
import { go, to } from '../../shared/js/router.js';
import { groupDocument, groupForm, groupTroubles, readGroup } from '../models/groups.js';
import { askVersion, previewVersion } from '../models/versions.js';
import { useEditing } from './editing.js';
import { Amount } from './entry_fields.js';
import { groupContext } from './group_days.js';
import { FoundDraft, LeavingGuard, Waits } from './leaving.js';
import { ConsolePage } from './rail.js';
import { periodName } from './scene_words.js';
import { SendPanel } from './send_panel.js';
import { sendingKeys, useSending } from './sending.js';

function GroupEditor({ group }) {
  const path = `staff/groups/${group.id}`;
  const first = useRef(groupForm(group)).current;
  const edit = useEditing({ name: path, first, check: groupTroubles });
  const sending = useSending({
    edit, document: () => groupDocument(edit.form), ask: (change) => previewVersion(path, change), send: (change) => askVersion(path, change),
    onSent: () => go('groups', group.id, { replace: true }),
  });
  return html`<div class="editor" onKeyDown=${sendingKeys(sending.submit)}>
    <form class="stack" onSubmit=${(event) => event.preventDefault()}>
      <${FoundDraft} edit=${edit} />
      <section class="card stack"><h2>${t('venue.limits')}</h2>
        <${Amount} edit=${edit} field="points" label=${t('groups.points')} unit=${`${t('field.points.unit')} ${periodName(group.period)}`} note=${t('groups.points.note')} /></section>
    </form>
    <${SendPanel} edit=${edit} sending=${sending} context=${groupContext(group)} word="ask.do" onSend=${sending.submit} />
    <${LeavingGuard} unsaved=${edit.unsaved} onLeave=${edit.drop} />
  </div>`;
}

export function ChangeGroup({ part }) {
  const { state, value, error, again } = useLoaded(() => readGroup(part), [part]);
  if (state === 'failed') return html`<main class="console-page"><${Failed} error=${error} onRetry=${again} /></main>`;
  if (!value) return html`<main class="console-page"><${Loading} /></main>`;
  const { group, versions } = value;
  return html`<${ConsolePage} title=${t('editor.title', { name: group.name })} note=${`${group.id} · v${group.version}`} back=${{ href: to('groups', part), word: group.name }}>
    <${Waits} versions=${versions} /><${GroupEditor} group=${group} /><//>`;
}
