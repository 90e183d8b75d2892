/** All scenes, filtered by class: what can be done on the island and what it gives. */
import { html, useLoaded, useState } from '../../shared/js/view.js';
import { Cell, Empty, Failed, List, Loading, Page, Segments } from '../../shared/js/components.js';
import { language, t } from '../../shared/js/i18n.js';
import { to } from '../../shared/js/router.js';
import { CLASSES, loadScenes, possibleToday } from '../models/scenes.js';
import { sceneNote, scenePoints } from './scene_words.js';

// The filter stays while a scene is looked at and the list comes back.
let lastClass = 'all';

export default function Scenes() {
  const [chosen, setChosen] = useState(lastClass);
  const { state, value, error, again } = useLoaded(loadScenes, [language()]);
  const choose = (next) => { lastClass = next; setChosen(next); };
  return html`<${Page} title=${t('scenes.title')}>
    ${state === 'loading' && html`<${Loading} />`}
    ${state === 'failed' && html`<${Failed} error=${error} onRetry=${again} />`}
    ${state === 'ready' && html`<div class="stack">
      <${Classes} scenes=${value} chosen=${chosen} onChange=${choose} />
      <${Found} scenes=${value.filter((scene) => chosen === 'all' || scene.class === chosen)} />
    </div>`}
  <//>`;
}

function Classes({ scenes, chosen, onChange }) {
  const present = CLASSES.filter((name) => scenes.some((scene) => scene.class === name));
  const options = ['all', ...present].map((name) => ({ value: name, label: t(`class.${name}`) }));
  return html`<${Segments} chips label=${t('scenes.filter')} hideLabel name="class" options=${options} value=${chosen}
    onChange=${onChange} />`;
}

function Found({ scenes }) {
  if (!scenes.length) return html`<${Empty} title=${t('scenes.none')} />`;
  return html`<${List} label=${t('scenes.count', { count: scenes.length })}>
    ${scenes.map((scene) => html`<${Cell} key=${scene.id} icon=${scene.icon} tone=${possibleToday(scene) ? 'pine' : 'grey'}
      title=${scene.name} note=${sceneNote(scene)} value=${scenePoints(scene)} href=${to('scenes', scene.id)} />`)}
  <//>`;
}
