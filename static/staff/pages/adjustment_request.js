/** A request for points by hand, as it stands among everything that waits; opens the decision in place. */
import { html, useState } from '../../shared/js/view.js';
import { Button, Icon } from '../../shared/js/components.js';
import { signedPoints } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { to } from '../../shared/js/router.js';
import { deedsOn } from '../models/adjustments.js';
import { refreshWaiting } from '../models/waiting.js';
import { AdjustmentDialog } from './adjustment_dialog.js';
import { ago } from './health.js';
import { memberName } from './member_words.js';
import { fullMoment } from './moments.js';

export function AdjustmentRequest({ adjustment }) {
  const [open, setOpen] = useState(false);
  const { member, points, reason, asked_by: asker, asked_at: at, expires_at: until } = adjustment;
  const can = deedsOn(adjustment);
  return html`<li class="card request">
    <header class="request-head"><span class="cell-lead tone-amber"><${Icon} name="scale" /></span>
      <div><p class="small quiet">${t('decide.kind.adjustments')}</p><h2><a href=${to('members', member.id)}>${memberName(member)}</a></h2></div>
      <b class="adjustment-points figures">${signedPoints(points)}</b></header>
    <p class="version-reason">${reason}</p>
    <p class="small quiet">${asker.name} · ${ago(at, Date.now())} · ${t('adjustment.until')} ${fullMoment(until)}</p>
    <div class="row">${can.decide
      ? html`<${Button} kind="main" icon="clipboard-check" onClick=${() => setOpen(true)}>${t('decide.review')}<//>`
      : html`<p class="small quiet with-icon"><${Icon} name="users" small /><span>${t(can.own ? 'decide.own' : 'decide.other')}</span></p>`}</div>
    ${open && html`<${AdjustmentDialog} adjustment=${adjustment} onClose=${() => setOpen(false)} onDone=${refreshWaiting} />`}
  </li>`;
}
