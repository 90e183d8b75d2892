/** One place of the island: what can be done there today, and by which ways. A sign at the place opens this page. */
import { html, useLoaded } from '../../shared/js/view.js';
import { Button, Cell, Empty, Failed, List, Loading, Page } from '../../shared/js/components.js';
import { language, t } from '../../shared/js/i18n.js';
import { back, to } from '../../shared/js/router.js';
import { loadPlace, possibleThere } from '../models/places.js';
import { possibleToday } from '../models/scenes.js';
import { sceneNote, scenePoints } from './scene_words.js';

export default function PlacePage({ part }) {
  const { state, value: place, error, again } = useLoaded(() => loadPlace(part), [part, language()]);
  return html`<${Page} title=${place?.name ?? t('place.title')} onBack=${() => back('')}>
    ${state === 'loading' && html`<${Loading} />`}
    ${state === 'failed' && html`<${Failed} error=${error} onRetry=${again} />`}
    ${state === 'ready' && (place ? html`<${Place} place=${place} />` : html`<${Empty} icon="map-pin" title=${t('place.unknown')}
      action=${html`<${Button} kind="line" href=${to('scenes')}>${t('scenes.title')}<//>`}>${t('place.unknown.text')}<//>`)}
  <//>`;
}

function Place({ place }) {
  const possible = possibleThere(place);
  return html`<div class="stack">
    <p class="lead">${t(possible ? 'place.possible' : 'place.nothing', { count: possible })}</p>
    <${List} label=${t('place.scenes')}>${place.scenes.map((scene) => html`<${Cell} key=${scene.id} icon=${scene.icon}
      tone=${possibleToday(scene) ? 'pine' : 'grey'} title=${scene.name} note=${sceneNote(scene)} value=${scenePoints(scene)} href=${to('scenes', scene.id)}>
      <span class="cell-note">${waysThere(scene, place.id)}</span><//>`)}<//>
    <div class="balance-actions">
      <${Button} kind="main" icon="scan" href=${to('scan')}>${t('home.scan')}<//>
      <${Button} kind="line" icon="qrcode" href=${to('code')}>${t('home.code')}<//>
    </div>
  </div>`;
}

/** The scene's ways that this place offers, in words. */
function waysThere(scene, id) {
  const offered = scene.places.find((one) => one.id === id)?.proofs ?? [];
  const ways = scene.proofs.filter((proof) => offered.includes(proof)).map((proof) => t(`proof.${proof}`));
  return ways.map((way, place) => (place ? way[0].toLowerCase() + way.slice(1) : way)).join(t('list.or'));
}
