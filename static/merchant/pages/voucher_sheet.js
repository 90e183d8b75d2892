/** The one sheet before a redemption: what it is, what it is worth to the shop, whose it is, until when. */
import { html, useStore } from '../../shared/js/view.js';
import { Button, Icon, Sheet } from '../../shared/js/components.js';
import { day, fen } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { askNow, counter, next, redeem } from '../models/counter.js';
import { useNoScannerEnter } from './scanner_enter.js';

function Picture({ item }) {
  if (item.image) return html`<img class="voucher-picture" src=${item.image} alt="" />`;
  return html`<span class="voucher-picture"><${Icon} name=${item.icon ?? 'gift'} /></span>`;
}

function Voucher({ lookup }) {
  const { item, quantity, settlement_fen: value, nickname, expires_at: expires } = lookup;
  return html`
    <div class="voucher-head"><${Picture} item=${item} />
      <h2>${item.name}${quantity > 1 && html` <span class="voucher-many">× ${quantity}</span>`}</h2></div>
    <dl class="voucher-facts">
      <div><dt>${t('voucher.value')}</dt><dd class="voucher-value">${fen(value)}</dd></div>
      <div><dt>${t('voucher.guest')}</dt><dd>${nickname}</dd></div>
      <div><dt>${t('voucher.expires')}</dt><dd>${day(expires)}</dd></div>
    </dl>`;
}

function Waiting() {
  return html`
    <div class="voucher-waiting" role="alert"><${Icon} name="wifi-off" /><p>${t('voucher.waiting')}</p>
      <${Button} kind="line" icon="refresh" onClick=${askNow}>${t('voucher.ask_now')}<//></div>`;
}

export function VoucherSheet() {
  const { stage, lookup, waiting } = useStore(counter);
  const guard = useNoScannerEnter();
  const open = stage === 'sheet' || stage === 'redeeming';
  return html`<${Sheet} open=${open} label=${t('voucher.label')} onClose=${next}>
    <div class="voucher-sheet" onKeyDown=${guard}>
      ${lookup && html`<${Voucher} lookup=${lookup} />`}
      ${waiting && html`<${Waiting} />`}
      <${Button} kind="main" wide class="redeem" icon="check" busy=${stage === 'redeeming'} onClick=${redeem} autofocus>${t(waiting ? 'voucher.asking' : 'voucher.redeem')}<//>
      ${stage === 'sheet' && html`<${Button} kind="quiet" wide onClick=${next}>${t('voucher.not_now')}<//>`}
    </div>
  <//>`;
}
