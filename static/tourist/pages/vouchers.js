/** My vouchers: those that can be used, and apart from them those that ended, each a page at a time. */
import { html, useState } from '../../shared/js/view.js';
import { Button, Cell, Empty, Failed, List, Loading, Page, StateBadge } from '../../shared/js/components.js';
import { day } from '../../shared/js/format.js';
import { language, t } from '../../shared/js/i18n.js';
import { back, to } from '../../shared/js/router.js';
import { loadEnded, loadUsable } from '../models/vouchers.js';
import { usePages } from './pages_read.js';

export default function Vouchers() {
  const usable = usePages(loadUsable, [language()]);
  const [old, setOld] = useState(false);
  const none = usable.state === 'ready' && !usable.rows.length;
  return html`<${Page} title=${t('vouchers.title')} onBack=${() => back('me')}>
    <div class="stack">
      ${none && html`<${Empty} icon="ticket" title=${t('vouchers.empty')}
        action=${html`<${Button} kind="main" href=${to('shop')}>${t('vouchers.to_shop')}<//>`}>${t('vouchers.empty.text')}<//>`}
      <${Rows} pages=${usable} label=${t('vouchers.usable')} />
      ${old ? html`<${Ended} />` : usable.state !== 'loading' && html`<${Button} kind="quiet" wide icon="history" onClick=${() => setOld(true)}>${t('vouchers.show_ended')}<//>`}
    </div>
  <//>`;
}

/** Asked for only when somebody wants to see them. */
function Ended() {
  const pages = usePages(loadEnded, [language()]);
  if (pages.state === 'ready' && !pages.rows.length) return html`<p class="quiet" role="status">${t('vouchers.ended.none')}</p>`;
  return html`<${Rows} pages=${pages} label=${t('vouchers.others')} />`;
}

function Rows({ pages, label }) {
  return html`${pages.rows.length > 0 && html`<${List} label=${label}>${pages.rows.map(line)}<//>`}
    ${pages.state === 'loading' && html`<${Loading} />`}
    ${pages.state === 'failed' && html`<${Failed} error=${pages.error} onRetry=${pages.more} />`}
    ${pages.state === 'ready' && pages.next && html`<${Button} kind="line" wide onClick=${pages.more}>${t('action.more')}<//>`}`;
}

function note(voucher) {
  if (voucher.state === 'issued') return t('after.voucher', { day: day(voucher.expires_at), merchant: voucher.merchant.name });
  if (voucher.state === 'redeemed' && voucher.redeemed_at) return t('vouchers.redeemed_on', { day: day(voucher.redeemed_at) });
  return voucher.merchant?.name ?? '';
}

function line(voucher) {
  const title = voucher.quantity > 1 ? `${voucher.item.name} × ${voucher.quantity}` : voucher.item.name;
  return html`<${Cell} key=${voucher.id} icon="ticket" tone=${voucher.state === 'issued' ? 'pine' : 'grey'} title=${title}
    note=${note(voucher)} href=${to('vouchers', voucher.id)}><span><${StateBadge} state=${voucher.state} /></span><//>`;
}
