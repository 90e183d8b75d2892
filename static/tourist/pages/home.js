/** Home: what I have, what I saved, what is possible today, and the way to the scanner. */
import { html, useLoaded, useStore } from '../../shared/js/view.js';
import { Button, Cell, Failed, Icon, List, Loading, Mark, Page, QuickChoices, Ridge } from '../../shared/js/components.js';
import { count, day, grams, points } from '../../shared/js/format.js';
import { language, t } from '../../shared/js/i18n.js';
import { to } from '../../shared/js/router.js';
import { member, refreshMember } from '../models/session.js';
import { island } from '../models/arrival.js';
import { keptScans } from '../models/scans.js';
import { loadScenes, suggested } from '../models/scenes.js';
import { sceneNote, scenePoints } from './scene_words.js';

const SUGGESTED = 4;

export default function Home() {
  const me = useStore(member);
  const here = useStore(island);
  const refreshed = useLoaded(refreshMember, [language()]);
  if (me?.reduction_grams === undefined) {
    return html`<${Page} title=${t('product')}>
      ${refreshed.state === 'failed' ? html`<${Failed} error=${refreshed.error} onRetry=${refreshed.again} />` : html`<${Loading} />`}
    <//>`;
  }
  return html`<${Page} class="home" title=${here?.name ?? t('product')} lead=${html`<${Mark} label=${t('product')} />`}>
    <${Balance} me=${me} />
    <${Waiting} />
    <${Today} me=${me} />
    <${IslandToday} here=${here} />
    <${QuickChoices} />
  <//>`;
}

function Balance({ me }) {
  const { available, held, debt, expiring: [soon] } = me.balance;
  return html`<section class="balance-card" aria-label=${t('home.balance')}>
    <p class="balance-label">${t('home.balance')}</p>
    <p class="balance-figure figures"><strong>${points(available)}</strong> <span>${t('unit.points.of', { count: available })}</span></p>
    <p class="balance-grams"><${Icon} name="leaf" small /> <span>${t('home.grams', { grams: grams(me.reduction_grams) })}</span></p>
    <a class="balance-note" href=${to('history')}><${Icon} name="history" small /><span>${t('home.history')}</span></a>
    ${held > 0 && html`<a class="balance-note" href=${to('vouchers')}>
      <${Icon} name="ticket" small /><span>${t('home.held', { points: points(held) })}</span></a>`}
    ${soon && html`<p class="balance-note amber">
      <${Icon} name="clock" small /><span>${t('home.expiring', { points: points(soon.points), day: day(soon.on) })}</span></p>`}
    ${debt > 0 && html`<a class="balance-note red" href=${to('history')}>
      <${Icon} name="info-circle" small /><span>${t('home.debt', { points: points(debt) })}</span></a>`}
    <div class="balance-actions">
      <${Button} kind="main" icon="scan" href=${to('scan')}>${t('home.scan')}<//>
      <${Button} kind="line" icon="qrcode" href=${to('code')}>${t('home.code')}<//>
    </div>
    <${Ridge} />
  </section>`;
}

/** Scans that have not reached the server yet, or were refused while nobody looked. */
function Waiting() {
  const scans = useStore(keptScans);
  const kept = scans.filter((scan) => scan.state === 'kept').length;
  const refused = scans.filter((scan) => scan.state === 'refused').length;
  if (!kept && !refused) return null;
  return html`<${List}>
    ${kept > 0 && html`<${Cell} key="kept" icon="device-mobile" tone="grey" href=${to('history')}
      title=${t('home.kept', { count: kept })} note=${t('home.kept.note')} />`}
    ${refused > 0 && html`<${Cell} key="refused" icon="ban" tone="red" href=${to('history')}
      title=${t('home.refused', { count: refused })} />`}
  <//>`;
}

function Today({ me }) {
  const { state, value, error, again } = useLoaded(loadScenes, [language(), me.balance.available]);
  if (state === 'loading') return html`<${Loading} label=${t('home.today.loading')} />`;
  if (state === 'failed') return html`<${Failed} error=${error} onRetry=${again} />`;
  return html`<section class="stack-tight">
    <${List} label=${t('home.today')}>
      ${suggested(value, SUGGESTED).map((scene) => html`<${Cell} key=${scene.id} icon=${scene.icon} title=${scene.name}
        note=${sceneNote(scene)} value=${scenePoints(scene)} href=${to('scenes', scene.id)} />`)}
    <//>
    <${Ceiling} ceilings=${me.ceilings} />
    <a class="more" href=${to('scenes')}>${t('home.all_scenes', { count: value.length })}</a>
  </section>`;
}

/** A guest's points are limited; it is better to know before than after. */
function Ceiling({ ceilings }) {
  if (!ceilings) return null;
  return html`<p class="small quiet">${t('home.ceilings', { today: points(ceilings.today_left), total: points(ceilings.total_left) })}</p>`;
}

function IslandToday({ here }) {
  if (!here?.today) return null;
  const { acts, reduction_grams: saved } = here.today;
  return html`<section class="island-today">
    <h2>${t('home.island')}</h2>
    <p><${Icon} name="users" small /> <strong class="figures">${count(acts)}</strong> ${t('home.island.acts', { count: acts })}</p>
    <p class="grams"><${Icon} name="leaf" small /> <strong class="figures">${grams(saved)}</strong> ${t('home.island.grams')}</p>
  </section>`;
}
