/** The page that changes a scene, and the page that makes a new one, from nothing or from another. */
import { html, useLoaded } from '../../shared/js/view.js';
import { Failed, Loading } from '../../shared/js/components.js';
import { language, t } from '../../shared/js/i18n.js';
import { go, to } from '../../shared/js/router.js';
import { copiedForm, emptyForm, formOf } from '../models/scene_form.js';
import { createScene, previewScene, readFactors, readScene, readScenes } from '../models/scenes.js';
import { askVersion, previewVersion } from '../models/versions.js';
import { Select } from './entry_fields.js';
import { Waits } from './leaving.js';
import { ConsolePage } from './rail.js';
import { SceneEditor } from './scene_editor.js';

/** The factors one may choose from; the scene's own as its rule has them. */
function withOwn(known, own) {
  return { ...known, factors: new Map([...known.factors, ...own.map((factor) => [factor.id, factor])]) };
}

function Loaded({ loaded, children }) {
  const { value, error, state, again } = loaded;
  if (state === 'failed') return html`<main class="console-page"><${Failed} error=${error} onRetry=${again} /></main>`;
  return value ? children(value) : html`<main class="console-page"><${Loading} /></main>`;
}

async function readForChange(slug) {
  const [scene, known] = await Promise.all([readScene(slug), readFactors()]);
  return { scene, known: withOwn(known, scene.factors) };
}

export function ChangeScene({ part }) {
  const loaded = useLoaded(() => readForChange(part), [part]);
  const path = `staff/scenes/${part}`;
  return html`<${Loaded} loaded=${loaded}>${({ scene, known }) => {
    const name = scene.document[`name_${language()}`];
    return html`<${ConsolePage} title=${t('editor.title', { name })} note=${`${scene.document.number} · ${scene.document.slug} · v${scene.rule.version}`} back=${{ href: to('scenes', part), word: name }}>
      <${Waits} versions=${scene.versions} />
      <${SceneEditor} key=${part} draft=${path} first=${formOf(scene.document)} known=${known} word="ask.do"
        preview=${(change) => previewVersion(path, change)} send=${(change) => askVersion(path, change)} /><//>`;
  }}<//>`;
}

async function readForNew(copied) {
  const [scenes, known, scene] = await Promise.all([readScenes(), readFactors(), copied ? readScene(copied) : null]);
  return { scenes, scene, known: scene ? withOwn(known, scene.factors) : known, copied };
}

export function NewScene({ part }) {
  const loaded = useLoaded(() => readForNew(part), [part]);
  return html`<${Loaded} loaded=${loaded}>${({ scenes, scene, known, copied }) => html`
    <${ConsolePage} title=${t('editor.new')} note=${t('editor.new.note')} back=${{ href: to('scenes'), word: t('scenes.title') }}
      actions=${html`<${Select} label=${t('editor.begin_from')} value=${part} onChange=${(slug) => go('new-scene', slug, { replace: true })}
        options=${[['', t('editor.from_nothing')], ...scenes.map((each) => [each.id, each.name])]} />`}>
      ${copied === part && html`<${SceneEditor} key=${part} draft=${`new-scene/${part}`} fresh first=${scene ? copiedForm(scene.document) : emptyForm()} known=${known} word="ask.do"
        preview=${previewScene} send=${createScene} />`}<//>`}<//>`;
}
