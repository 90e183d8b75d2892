/** Give a voucher back: a quiet button, one question that says what returns, and the wait for a late answer. */
import { html, useEffect, useRef, useState } from '../../shared/js/view.js';
import { Button, Dialog, Icon, toast } from '../../shared/js/components.js';
import { worthAnotherTry } from '../../shared/js/api.js';
import { count, points } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { askRefunds, giveBack } from '../models/refunds.js';

/** The button stands while it is `offered`. `onDone` is called whenever the voucher may have changed. It stays on the page to tell why it was refused. */
export function Refund({ voucher, offered, onDone }) {
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState(null);
  const leave = () => { setAsking(false); setTrouble(null); };
  const send = async () => {
    setBusy(true);
    try {
      await giveBack(voucher.id);
      leave();
      toast(t('refund.done'), 'arrow-back-up');
    } catch (error) {
      if (worthAnotherTry(error)) leave();
      else setTrouble(error);
    }
    setBusy(false);
    onDone();
  };
  return html`
    ${offered && html`<p class="voucher-back">
      <${Button} kind="quiet" icon="arrow-back-up" onClick=${() => setAsking(true)}>${t('refund.ask')}<//></p>`}
    <${Dialog} open=${asking} title=${t(trouble ? 'refund.refused' : 'refund.title')} onClose=${busy ? undefined : leave}
      actions=${trouble
        ? html`<${Button} key="close" wide onClick=${leave}>${t('action.close')}<//>`
        : html`<${Button} key="keep" wide disabled=${busy} onClick=${leave} autofocus>${t('refund.keep')}<//>
          <${Button} key="do" kind="danger" wide icon="arrow-back-up" busy=${busy} onClick=${send}>${t('refund.do')}<//>`}>
      ${trouble ? html`<${Refused} error=${trouble} />` : html`<${Returns} voucher=${voucher} />`}
    <//>`;
}

/** What comes back, and to whom. */
function Returns({ voucher }) {
  const values = { points: points(voucher.points), count: voucher.points };
  const list = useRef(null);
  // The buttons below took the focus: in large text the question would be scrolled out of sight.
  useEffect(() => list.current.closest('dialog').scrollTo(0, 0), []);
  return html`<ul ref=${list} class="bullets">
    <li>${t('refund.points', values)}</li>
    <li>${t('refund.shelf', { name: voucher.item.name, pieces: count(voucher.quantity) })}</li>
    <li>${t('refund.code')}</li>
  </ul>`;
}

function Refused({ error }) {
  return html`<p role="alert"><${Icon} name="alert-triangle" small /> ${error.detail || t('failed.text')}</p>
    <p class="legal">${error.code}</p>`;
}

/** In place of the code while the server's answer is missing. */
export function RefundWaiting() {
  return html`<div class="voucher-ended voucher-waiting" role="status">
    <${Icon} name="wifi-off" />
    <p><strong>${t('refund.waiting')}</strong></p>
    <p class="quiet">${t('refund.waiting.text')}</p>
    <${Button} kind="line" icon="refresh" onClick=${askRefunds}>${t('refund.ask_now')}<//>
  </div>`;
}
