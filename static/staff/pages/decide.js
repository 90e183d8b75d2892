/** Everything that waits for a second person, the longest asked for first; opens the decision in place. */
import { html, useEffect, useEvery, useLoaded, useState, useStore } from '../../shared/js/view.js';
import { Badge, Button, Empty, Failed, Icon, Loading } from '../../shared/js/components.js';
import { t } from '../../shared/js/i18n.js';
import { to } from '../../shared/js/router.js';
import { pending } from '../models/reviews.js';
import { readScenes } from '../models/scenes.js';
import { may } from '../models/session.js';
import { deedsOf, isMine } from '../models/versions.js';
import { inTurn, READ_EVERY_MILLISECONDS, refreshWaiting, waiting } from '../models/waiting.js';
import { AdjustmentRequest } from './adjustment_request.js';
import { Changes, isFresh } from './changes.js';
import { DecisionDialog } from './decision_dialog.js';
import { ago } from './health.js';
import { fullMoment } from './moments.js';
import { ConsolePage } from './rail.js';
import { personName } from './version_badge.js';

const ICONS = { scenes: 'leaf', groups: 'scale', venues: 'map-pin', items: 'gift', stock: 'shopping-bag', merchants: 'building-store', kiosks: 'device-tablet' };
const COSTING = ['scenes', 'groups', 'venues'];   // what costs there costs points
const SHOWN = 4;   // differences of one request; the rest stands in the decision

function Request({ entry, context, onReview }) {
  const { kind, page = kind, id, name, icon, version } = entry;
  const { changes } = version;
  const costs = changes.filter((change) => change.costs).length;
  return html`<li class="card request">
    <header class="request-head"><span class="cell-lead tone-amber"><${Icon} name=${icon ?? ICONS[kind] ?? 'clipboard-check'} /></span>
      <div><p class="small quiet">${t(`decide.kind.${kind}`)} · ${version.title ?? `v${version.version}`}</p><h2><a href=${to(page, id)}>${name}</a></h2></div>
      ${costs > 0 && COSTING.includes(kind) && html`<${Badge} tone="amber" icon="award">${t('change.costs')}<//>`}</header>
    <p class="version-reason">${version.reason}</p>
    <p class="small quiet">${personName(version.asked_by)} · ${ago(version.asked_at, Date.now())} · ${t('version.would_start', { start: fullMoment(version.starts_at) })}</p>
    ${isFresh(changes) ? html`<p>${t('preview.fresh')}</p>` : html`<${Changes} changes=${changes.slice(0, SHOWN)} context=${context} />`}
    ${!isFresh(changes) && changes.length > SHOWN && html`<p class="small quiet">${t('decide.more', { count: changes.length - SHOWN })}</p>`}
    <div class="row">${!deedsOf(kind).decide ? html`<p class="small quiet with-icon"><${Icon} name="users" small />${t('decide.other')}</p>`
      : isMine(version) ? html`<p class="small quiet with-icon"><${Icon} name="users" small />${t('decide.own')}</p>`
      : html`<${Button} kind="main" icon="clipboard-check" onClick=${onReview}>${t('decide.review')}<//>`}</div>
  </li>`;
}

function Inbox({ entries, scenes }) {
  const [open, setOpen] = useState(null);
  const byNumber = new Map(scenes.map((scene) => [scene.number, scene]));
  const contextOf = ({ version }) => ({ document: version.document, scenes: byNumber });
  if (entries.length === 0) return html`<div class="card"><${Empty} icon="circle-check" title=${t('decide.empty')}>${t('decide.empty.text')}<//></div>`;
  return html`<ul class="requests">${inTurn(entries).map((entry) => (entry.kind === 'adjustments' ? html`<${AdjustmentRequest} key=${entry.path} adjustment=${entry.version} />` : html`
      <${Request} key=${`${entry.path}/${entry.version.id ?? entry.version.version}`} entry=${entry} context=${contextOf(entry)} onReview=${() => setOpen(entry)} />`))}</ul>
    ${open && html`<${DecisionDialog} subject=${{ ...open, context: contextOf(open) }} version=${open.version} onClose=${() => setOpen(null)} onDone=${refreshWaiting} />`}`;
}

/** Acts that wait have a page of their own; here they are one line. */
function WaitingActs() {
  const { count } = useStore(pending);
  if (!may('staff_accept_review') || !count) return null;
  return html`<section class="card request review-waiting"><header class="request-head"><span class="cell-lead tone-amber"><${Icon} name="hourglass" /></span>
      <div><h2>${t('review.decide', { count })}</h2><p class="small quiet">${t('review.decide.text')}</p></div></header>
    <div class="row"><${Button} kind="line" icon="hourglass" href=${to('reviews')}>${t('review.decide.open')}<//></div></section>`;
}

export function Decide() {
  const { entries, error } = useStore(waiting);
  const { value: scenes, error: unread, again } = useLoaded(readScenes);
  useEffect(() => { refreshWaiting(); }, []);
  useEvery(READ_EVERY_MILLISECONDS, refreshWaiting);
  const failed = (!entries && error) || (!scenes && unread);
  return html`<${ConsolePage} title=${t('decide.inbox')} note=${t('decide.note')}>
    ${failed && html`<${Failed} error=${failed} onRetry=${() => { refreshWaiting(); again(); }} />`}
    ${!failed && (!entries || !scenes) && html`<${Loading} />`}
    <${WaitingActs} />
    ${entries && scenes && html`<${Inbox} entries=${entries} scenes=${scenes} />`}
  <//>`;
}
