/** Take a redemption back: the button with its running seconds, the question before, the word after. */
import { html, useEffect, useEvery, useState, useStore } from '../../shared/js/view.js';
import { Button, Dialog, Icon, toast } from '../../shared/js/components.js';
import { clock, fen, time } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { askToUndo, askUndoNow, lastUndone, leaveUndo, secondsToUndo, sendUndo, undo } from '../models/undos.js';
import { useNoScannerEnter } from './scanner_enter.js';

/** The name of what was redeemed, with its number of pieces. */
export function redemptionTitle({ item, quantity }) {
  return `${item.name}${quantity > 1 ? ` × ${quantity}` : ''}`;
}

/** Seconds left, drawn again each second. */
function useSecondsToUndo(redemption) {
  const [left, setLeft] = useState(() => secondsToUndo(redemption));
  useEffect(() => setLeft(secondsToUndo(redemption)), [redemption.id, redemption.undone_at]);
  useEvery(1_000, () => setLeft(secondsToUndo(redemption)));
  return left;
}

/** "Undo 1:32" for a row of the list; nothing once the time is over. */
export function UndoButton({ redemption }) {
  const left = useSecondsToUndo(redemption);
  if (left === 0) return null;
  return html`<span><${Button} kind="line" icon="arrow-back-up" class="undo" onClick=${() => askToUndo(redemption)}>
    ${t('undo.row', { left: clock(left) })}${' '}
    <span class="visually-hidden">${t('undo.of', { name: redemptionTitle(redemption), time: time(redemption.redeemed_at) })}</span><//></span>`;
}

function Question({ redemption, waiting }) {
  const values = { name: redemptionTitle(redemption), time: time(redemption.redeemed_at), value: fen(redemption.settlement_fen) };
  return html`<p>${t('undo.text', values)}</p><p>${t('undo.back', values)}</p>
    ${waiting && html`<div class="voucher-waiting" role="alert"><${Icon} name="wifi-off" /><p>${t('undo.waiting')}</p>
      <${Button} kind="line" icon="refresh" onClick=${askUndoNow}>${t('voucher.ask_now')}<//></div>`}`;
}

function Refusal({ error }) {
  return html`<p role="alert"><${Icon} name="alert-triangle" small /> ${error.detail || t('failed.text')}</p>
    <p class="legal">${error.code}</p>`;
}

function Actions({ stage, waiting }) {
  if (stage === 'refused') return html`<${Button} key="close" wide onClick=${leaveUndo}>${t('action.close')}<//>`;
  const busy = stage === 'sending';
  return html`
    <${Button} key="keep" wide disabled=${busy} onClick=${leaveUndo} autofocus>${t('undo.keep')}<//>
    <${Button} key="do" kind="danger" wide icon="arrow-back-up" busy=${busy} onClick=${sendUndo}>${t(waiting ? 'voucher.asking' : 'undo.do')}<//>`;
}

/** The question, once on the page, over whatever is shown. */
export function UndoDialog() {
  const { stage, redemption, waiting, error } = useStore(undo);
  const guard = useNoScannerEnter();
  useEffect(() => lastUndone.subscribe(() => toast(t('undo.done'), 'arrow-back-up')), []);
  return html`<${Dialog} open=${stage !== 'none'} title=${t(stage === 'refused' ? 'undo.refused' : 'undo.title')} onClose=${leaveUndo}
    actions=${html`<div class="stack-tight" onKeyDown=${guard}><${Actions} stage=${stage} waiting=${waiting} /></div>`}>
    ${stage === 'refused' ? html`<${Refusal} error=${error} />` : redemption && html`<${Question} redemption=${redemption} waiting=${waiting} />`}
  <//>`;
}
