/** One item: what it is now, its shelf, what waits, and its history. */
import { html, useEvery, useLoaded, useState } from '../../shared/js/view.js';
import { Button, Failed, Icon, Loading } from '../../shared/js/components.js';
import { count, fen } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { to } from '../../shared/js/router.js';
import { asVersion, readItem } from '../models/items.js';
import { deedsOf, waitingOf } from '../models/versions.js';
import { AskDialog } from './ask_dialog.js';
import { Facts } from './drawer.js';
import { ItemBadge, MerchantBadge } from './item_words.js';
import { ConsolePage } from './rail.js';
import { StockCard } from './stock.js';
import { Timeline, useHistory } from './timeline.js';
import { WaitingCard } from './waiting_card.js';

const READ_AGAIN_MILLISECONDS = 15_000;   // a version that waited begins by itself

function Standing({ item }) {
  return html`<p class="row scene-standing"><${ItemBadge} item=${item} />
    ${item.merchant.state === 'suspended' && html`<${MerchantBadge} state="suspended" />`}
    <span class="small quiet">${item.version ? `v${item.version}` : t('item.never')}</span></p>`;
}

function Terms({ item }) {
  return html`<section class="card"><h2>${t('item.terms')}</h2><${Facts} facts=${[
    [t('column.merchant'), html`<a href=${to('merchants', item.merchant.id)}>${item.merchant.name}</a>`],
    [t('column.points'), html`<span class="points">${count(item.points)}</span>`],
    [t('column.settlement'), t('item.each', { amount: fen(item.settlement_fen) })],
    [t('column.limit'), item.limit_per_person === null ? t('item.no_limit') : t('item.limit', { count: count(item.limit_per_person) })],
    [t('field.name_zh'), item.name_zh], [t('field.name_en'), html`<span lang="en">${item.name_en}</span>`],
    [t('field.description_zh'), item.description_zh], [t('field.description_en'), html`<span lang="en">${item.description_en}</span>`],
    [t('field.position'), item.position],
  ]} /></section>`;
}

function documentOf(item) {
  const { name_zh, name_en, description_zh, description_en, icon, points, settlement_fen, limit_per_person, active, position } = item;
  return { name_zh, name_en, description_zh, description_en, icon, points, settlement_fen, limit_per_person, active, position };
}

/** Pausing and offering again, which need no editor. */
function pauseOf(item) {
  const deed = item.active ? 'pause' : 'resume';
  return { title: t(`item.${deed}.title`, { name: item.name }), word: t(`item.${deed}`), icon: item.active ? 'ban' : 'check', change: { document: { ...documentOf(item), active: !item.active } } };
}

function Item({ found, again }) {
  const { item, stock } = found;
  const [asking, setAsking] = useState(null);
  const context = { document: documentOf(item) };
  const subject = { path: `staff/items/${item.id}`, name: item.name, context };
  const can = deedsOf('items');
  const { versions, more } = useHistory(subject.path, found.versions, found.next);
  const pending = waitingOf(versions);
  const pieces = stock.filter((change) => change.state === 'asked').map((change) => asVersion(item.id, item.stock.remaining, change, t('stock.pieces_in', { count: change.pieces })));
  useEvery(READ_AGAIN_MILLISECONDS, () => pending.length + pieces.length > 0 && again());
  const goBack = (version) => setAsking({ title: t('version.back.title', { name: item.name, version: version.version }), word: t('version.back'), icon: 'arrow-back-up', change: { document: version.document } });
  return html`<${ConsolePage} title=${html`<span class="scene-title"><${Icon} name=${item.icon} />${item.name}</span>`} note=${item.merchant.name} back=${{ href: to('items'), word: t('items.title') }}
    actions=${can.ask && item.version && html`<${Button} kind="line" icon=${item.active ? 'ban' : 'check'} onClick=${() => setAsking(pauseOf(item))}>${t(item.active ? 'item.pause' : 'item.resume')}<//>
      <${Button} kind="main" icon="edit" href=${to('change-item', item.id)}>${t('item.change')}<//>`}>
    <${Standing} item=${item} />
    <div class="subject-halves">
      <div class="stack">
        ${pending.map((version) => html`<${WaitingCard} key=${version.version} subject=${subject} version=${version} can=${can} onDone=${again} />`)}
        ${pieces.map((change) => html`<${WaitingCard} key=${change.id} subject=${subject} version=${change} can=${deedsOf('stock')} onDone=${again} />`)}
        <${StockCard} item=${item} changes=${stock} onChanged=${again} />
        <${Terms} item=${item} />
      </div>
      <${Timeline} versions=${versions} context=${context} onBack=${can.ask ? goBack : null} more=${more} />
    </div>
    ${asking && html`<${AskDialog} subject=${subject} ...${asking} onClose=${() => setAsking(null)} onDone=${again} />`}
  <//>`;
}

export function ItemPage({ part }) {
  const { state, value, error, again } = useLoaded(() => readItem(part), [part]);
  if (state === 'failed') return html`<main class="console-page"><${Failed} error=${error} onRetry=${again} /></main>`;
  return value ? html`<${Item} found=${value} again=${again} />` : html`<main class="console-page"><${Loading} /></main>`;
}
