/** What this counter redeemed today. */
import { html, useEffect, useStore } from '../../shared/js/view.js';
import { Badge, Button, Cell, Empty, Failed, List, Loading, Page } from '../../shared/js/components.js';
import { count, fen, time } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { back } from '../../shared/js/router.js';
import { refreshToday, showMore, today } from '../models/today.js';
import { redemptionTitle, UndoButton } from './undo.js';

function Sum({ sum }) {
  return html`
    <dl class="sum card">
      <div><dt>${t('counter.redeemed')}</dt><dd>${count(sum.count)} <small>${t('counter.vouchers', { count: sum.count })}</small></dd></div>
      <div><dt>${t('counter.owed')}</dt><dd>${fen(sum.settlement_fen)}</dd></div>
    </dl>`;
}

/** One redemption as a line of a list; for two minutes it can be taken back, and then it stands struck. */
export function RedemptionCell({ redemption }) {
  const { item, settlement_fen: value, redeemed_at: redeemed, undone_at: undone } = redemption;
  const [title, sum] = [redemptionTitle(redemption), fen(value)];
  if (!undone) {
    return html`<${Cell} icon=${item.icon ?? 'gift'} value=${sum} title=${title} note=${time(redeemed)}>
      <${UndoButton} redemption=${redemption} /><//>`;
  }
  return html`<${Cell} icon=${item.icon ?? 'gift'} tone="grey" value=${html`<s>${sum}</s>`} title=${html`<s>${title}</s>`}
    note=${t('undo.times', { redeemed: time(redeemed), undone: time(undone) })}>
    <span><${Badge} icon="arrow-back-up">${t('undo.done')}<//></span><//>`;
}

function Lines({ data }) {
  if (data.length === 0) return html`<${Empty} icon="receipt-off" title=${t('redemptions.empty')}>${t('redemptions.empty.next')}<//>`;
  return html`<${List} label=${t('redemptions.today')}>
    ${data.map((each) => html`<${RedemptionCell} key=${each.id} redemption=${each} />`)}
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
