/** What was adjusted by hand for one member, the newest first; opens each. */
import { html, useState } from '../../shared/js/view.js';
import { Button, Failed, Loading } from '../../shared/js/components.js';
import { dayTime, signedPoints } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { readAdjustments } from '../models/adjustments.js';
import { AdjustmentBadge } from './adjustment_badge.js';
import { AdjustmentDialog } from './adjustment_dialog.js';
import { usePaged } from './paged.js';

function Line({ adjustment, onOpen }) {
  return html`<li><button type="button" class="member-adjustment" onClick=${onOpen}>
    <b class=${adjustment.state === 'approved' && adjustment.points > 0 ? 'points' : 'figures'}>${signedPoints(adjustment.points)}</b>
    <span>${adjustment.reason}<small class="quiet">${adjustment.asked_by.name} · ${dayTime(adjustment.asked_at)}</small></span>
    <${AdjustmentBadge} state=${adjustment.state} /></button></li>`;
}

export function MemberAdjustments({ member, turn, onChanged }) {
  const { state, rows, next, error, busy, again, more } = usePaged((cursor) => readAdjustments({ member: member.id, cursor, limit: 5 }), [member.id, turn]);
  const [open, setOpen] = useState(null);
  return html`<section class="card" aria-labelledby="adjustments-title"><h2 id="adjustments-title">${t('adjustments.title')}</h2>
    ${state === 'loading' && html`<${Loading} />`}
    ${state === 'failed' && html`<${Failed} error=${error} onRetry=${again} />`}
    ${state === 'ready' && rows.length === 0 && html`<p class="quiet small">${t('adjustments.none')}</p>`}
    <ul>${rows.map((adjustment) => html`<${Line} key=${adjustment.id} adjustment=${adjustment} onOpen=${() => setOpen(adjustment)} />`)}</ul>
    ${next && html`<${Button} kind="quiet" icon="chevron-down" busy=${busy} onClick=${more}>${t('action.more')}<//>`}
    ${open && html`<${AdjustmentDialog} key=${open.id} adjustment=${open} onClose=${() => setOpen(null)} onDone=${onChanged} />`}
  </section>`;
}
