/** What this counter redeemed today. */
import { html, useEffect, useStore } from '../../shared/js/view.js';
import { Button, Cell, Empty, Failed, List, Loading, Page } from '../../shared/js/components.js';
import { count, fen, time } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { back } from '../../shared/js/router.js';
import { refreshToday, showMore, today } from '../models/today.js';

function Sum({ sum }) {
  return html`
    <dl class="sum card">
      <div><dt>${t('counter.redeemed')}</dt><dd>${count(sum.count)} <small>${t('counter.vouchers', { count: sum.count })}</small></dd></div>
      <div><dt>${t('counter.owed')}</dt><dd>${fen(sum.settlement_fen)}</dd></div>
    </dl>`;
}

/** One redemption as a line of a list. */
export function RedemptionCell({ id, item, quantity, settlement_fen: value, redeemed_at: moment }) {
  return html`<${Cell} key=${id} icon=${item.icon ?? 'gift'} value=${fen(value)}
    title=${`${item.name}${quantity > 1 ? ` × ${quantity}` : ''}`} note=${time(moment)} />`;
}

function Lines({ data }) {
  if (data.length === 0) return html`<${Empty} icon="receipt-off" title=${t('redemptions.empty')}>${t('redemptions.empty.next')}<//>`;
  return html`<${List} label=${t('redemptions.today')}>
    ${data.map((each) => RedemptionCell(each))}
  <//>`;
}

export function Redemptions() {
  const { today: sum, data, next, error, loading } = useStore(today);
  useEffect(() => { refreshToday(); }, []);
  return html`<${Page} title=${t('redemptions.title')} onBack=${() => back()}>
    ${!sum && (error ? html`<${Failed} error=${error} onRetry=${refreshToday} />` : html`<${Loading} />`)}
    ${sum && html`<div class="stack">
      <${Sum} sum=${sum} /><${Lines} data=${data} />
      ${next && html`<${Button} kind="line" wide busy=${loading} onClick=${showMore}>${t('action.more')}<//>`}
    </div>`}
  <//>`;
}
