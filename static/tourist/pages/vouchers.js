/** My vouchers: those that can be used first, the others below. */
import { html, useLoaded } from '../../shared/js/view.js';
import { Button, Cell, Empty, Failed, List, Loading, Page, StateBadge } from '../../shared/js/components.js';
import { day } from '../../shared/js/format.js';
import { language, t } from '../../shared/js/i18n.js';
import { back, to } from '../../shared/js/router.js';
import { loadVouchers } from '../models/vouchers.js';

export default function Vouchers() {
  const { state, value, error, again } = useLoaded(loadVouchers, [language()]);
  const usable = value?.filter((voucher) => voucher.state === 'issued') ?? [];
  const others = value?.filter((voucher) => voucher.state !== 'issued') ?? [];
  return html`<${Page} title=${t('vouchers.title')} onBack=${() => back('me')}>
    ${state === 'loading' && html`<${Loading} />`}
    ${state === 'failed' && html`<${Failed} error=${error} onRetry=${again} />`}
    ${state === 'ready' && !value.length && html`<${Empty} icon="ticket" title=${t('vouchers.empty')}
      action=${html`<${Button} kind="main" href=${to('shop')}>${t('vouchers.to_shop')}<//>`}>${t('vouchers.empty.text')}<//>`}
    ${state === 'ready' && value.length > 0 && html`<div class="stack">
      ${usable.length > 0 && html`<${List} label=${t('vouchers.usable')}>${usable.map(line)}<//>`}
      ${others.length > 0 && html`<${List} label=${t('vouchers.others')}>${others.map(line)}<//>`}
    </div>`}
  <//>`;
}

function note(voucher) {
  if (voucher.state === 'issued') return t('vouchers.until', { day: day(voucher.expires_at) });
  if (voucher.state === 'redeemed' && voucher.redeemed_at) return t('vouchers.redeemed_on', { day: day(voucher.redeemed_at) });
  return voucher.merchant?.name ?? '';
}

function line(voucher) {
  const title = voucher.quantity > 1 ? `${voucher.item.name} × ${voucher.quantity}` : voucher.item.name;
  return html`<${Cell} key=${voucher.id} icon="ticket" tone=${voucher.state === 'issued' ? 'pine' : 'grey'} title=${title}
    note=${note(voucher)} href=${to('vouchers', voucher.id)}><span><${StateBadge} state=${voucher.state} /></span><//>`;
}
