/** One item of a journal: what happened and when, the verdict on each of its lines, and the acts that came of it. */
import { html, useLoaded } from '../../shared/js/view.js';
import { Failed, Icon, Loading } from '../../shared/js/components.js';
import { count, dayTime } from '../../shared/js/format.js';
import { language, t } from '../../shared/js/i18n.js';
import { to } from '../../shared/js/router.js';
import { readItem } from '../models/journal.js';
import { Drawer, Facts } from './drawer.js';
import { ActLinks, itemIcon, itemName, refusedWhy, ResultBadge } from './journal_words.js';

function Lines({ lines, sceneName }) {
  if (lines.length === 0) return null;
  return html`<section class="stack-tight"><h3>${t('journal.lines')}</h3><ol class="review-others">
    ${lines.map((line, index) => html`<li key=${index}><p><b>${sceneName(line.scene)}</b> <${ResultBadge} kind="read" result=${line.result} /></p>
      <p class="small quiet">${[t('journal.quantity', { quantity: count(line.quantity) }), line.variant > 0 && t('journal.variant', { number: line.variant }), line.room && t('journal.room'), refusedWhy(line.result)].filter(Boolean).join(' · ')}</p></li>`)}</ol></section>`;
}

function Inside({ item, names }) {
  const { kiosk, boot, epoch, counter } = item;
  return html`<header class="drawer-head"><span class="cell-lead tone-sea"><${Icon} name=${itemIcon(item.kind)} /></span>
      <div><p class="small quiet">${names.placeOf(kiosk.id)}</p><h2 tabindex="-1" autofocus>${itemName(item.kind)}</h2></div></header>
    <p><${ResultBadge} kind=${item.kind} result=${item.result} /> ${refusedWhy(item.result)}</p>
    <${Facts} facts=${[
      [t('column.kiosk'), html`<a href=${to('kiosks', kiosk.id)}>${kiosk.name}</a>`],
      [t('journal.number'), count(item.seq)],
      [t('journal.boot'), html`<a class="boot" href=${`${to('journal')}?boot=${boot}`}>${boot}</a>`],
      [t('review.code'), counter === null ? null : `${epoch} / ${count(counter)}`],
      [t('review.clerk'), item.clerk],
      [t('journal.claimed'), dayTime(item.claimed_at)],
      [t('journal.corrected'), item.corrected_at ? dayTime(item.corrected_at) : t('journal.unknown_time')],
      [t('journal.received'), dayTime(item.received_at)],
    ]} />
    <${Lines} lines=${item.lines} sceneName=${names.sceneName} /><${ActLinks} acts=${item.acts} />
    <p class="legal boot">${item.hash}</p>`;
}

export function JournalDrawer({ id, names, onClose }) {
  const { value, error, again } = useLoaded(() => readItem(id), [id, language()]);
  return html`<${Drawer} title=${value ? itemName(value.kind) : t('journal.title')} onClose=${onClose}>
    ${!value && !error && html`<${Loading} />`}
    ${!value && error && html`<${Failed} error=${error} onRetry=${again} />`}
    ${value && html`<${Inside} item=${value} names=${names} />`}
  <//>`;
}
