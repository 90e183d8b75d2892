/** All scenes, narrowed by words, kind, place and what is still possible today. */
import { html, useLoaded, useState } from '../../shared/js/view.js';
import { Button, Cell, Empty, Failed, Field, List, Loading, Page, Segments } from '../../shared/js/components.js';
import { language, t } from '../../shared/js/i18n.js';
import { to } from '../../shared/js/router.js';
import { placesOf } from '../models/places.js';
import { CLASSES, loadScenes, narrowed, possibleToday } from '../models/scenes.js';
import { sceneNote, scenePoints } from './scene_words.js';

const EVERYTHING = { words: '', kind: 'all', place: '', possible: false };

// The filter stays while a scene is looked at and the list comes back.
let last = EVERYTHING;

export default function Scenes() {
  const [asked, setAsked] = useState(last);
  const { state, value, error, again } = useLoaded(loadScenes, [language()]);
  const change = (changes) => { last = { ...last, ...changes }; setAsked(last); };
  return html`<${Page} title=${t('scenes.title')}>
    ${state === 'loading' && html`<${Loading} />`}
    ${state === 'failed' && html`<${Failed} error=${error} onRetry=${again} />`}
    ${state === 'ready' && html`<div class="stack">
      <${Filters} scenes=${value} asked=${asked} onChange=${change} />
      <${Found} scenes=${narrowed(value, asked)} onAll=${() => change(EVERYTHING)} />
    </div>`}
  <//>`;
}

function Filters({ scenes, asked, onChange }) {
  const present = CLASSES.filter((name) => scenes.some((scene) => scene.class === name));
  const kinds = ['all', ...present].map((name) => ({ value: name, label: t(`class.${name}`) }));
  return html`<search class="filters">
    <${Field} id="scene-words" label=${t('scenes.search')} type="search" value=${asked.words} autocomplete="off" enterkeyhint="search" maxlength="40"
      onInput=${(event) => onChange({ words: event.target.value })} />
    <${Field} id="scene-place" label=${t('scenes.place')}>
      <select id="scene-place" value=${asked.place} onChange=${(event) => onChange({ place: event.target.value })}>
        <option value="">${t('scenes.place.all')}</option>
        ${placesOf(scenes).map(({ id, name }) => html`<option key=${id} value=${id} selected=${id === asked.place}>${name}</option>`)}
      </select><//>
    <label class="tick"><input type="checkbox" checked=${asked.possible} onChange=${(event) => onChange({ possible: event.target.checked })} />
      <span>${t('scenes.possible')}</span></label>
    <${Segments} chips label=${t('scenes.filter')} hideLabel name="class" options=${kinds} value=${asked.kind} onChange=${(kind) => onChange({ kind })} />
  </search>`;
}

function Found({ scenes, onAll }) {
  if (!scenes.length) {
    return html`<${Empty} icon="zoom-question" title=${t('scenes.none')} action=${html`<${Button} kind="line" onClick=${onAll}>${t('scenes.show_all')}<//>`} />`;
  }
  return html`<div role="status" class="visually-hidden">${t('scenes.count', { count: scenes.length })}</div>
    <${List} label=${t('scenes.count', { count: scenes.length })}>
    ${scenes.map((scene) => html`<${Cell} key=${scene.id} icon=${scene.icon} tone=${possibleToday(scene) ? 'pine' : 'grey'}
      title=${scene.name} note=${sceneNote(scene)} value=${scenePoints(scene)} href=${to('scenes', scene.id)} />`)}
  <//>`;
}
