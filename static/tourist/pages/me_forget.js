/** Forget me: what would end is said first, with its numbers; then a second, separate yes. */
import { html, useLoaded, useState } from '../../shared/js/view.js';
import { Button, Card, Dialog, Failed, Icon, Loading, Page, toast } from '../../shared/js/components.js';
import { Trouble, useAct } from '../../shared/js/acting.js';
import { count, grams, points } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { back, go, to } from '../../shared/js/router.js';
import { forgetMe, loadWouldEnd } from '../models/account.js';

export default function ForgetPage() {
  const { state, value, error, again } = useLoaded(loadWouldEnd);
  return html`<${Page} title=${t('forget.title')} onBack=${() => back('me')}>
    ${state === 'loading' && html`<${Loading} label=${t('forget.loading')} />`}
    ${state === 'failed' && html`<${Failed} error=${error} onRetry=${again} />`}
    ${value && html`<${Facts} facts=${value} />`}
  <//>`;
}

/** What there is none of is not frightening, and isn't listed. */
function endsOf({ points: left, vouchers, acts_waiting: waiting, debt, cards, sessions }) {
  return [
    left > 0 && t('forget.points', { points: points(left) }),
    vouchers > 0 && t('forget.vouchers', { count: count(vouchers) }),
    waiting > 0 && t('forget.acts', { count: count(waiting) }),
    debt > 0 && t('forget.debt', { points: points(debt) }),
    cards > 0 && t('forget.cards', { count: count(cards) }),
    t('forget.sessions', { count: count(sessions) }),
    t('forget.identity'),
  ].filter(Boolean);
}

function Facts({ facts }) {
  const [asking, setAsking] = useState(false);
  return html`<div class="stack">
    <p>${t('forget.text')}</p>
    <${Card} class="stack-tight forget-ends">
      <h2><${Icon} name="trash-x" small /> ${t('forget.ends')}</h2>
      <ul class="bullets">${endsOf(facts).map((line) => html`<li key=${line}>${line}</li>`)}</ul>
    <//>
    <${Card} class="stack-tight">
      <h2><${Icon} name="shield-check" small /> ${t('forget.stays')}</h2>
      <ul class="bullets">${[1, 2, 3].map((line) => html`<li key=${line}>${t(`forget.stays.${line}`, { grams: grams(facts.reduction_grams) })}</li>`)}</ul>
    <//>
    <p class="small quiet">${t('forget.before')} <a href=${to('data')}>${t('data.title')}</a></p>
    <${Button} kind="danger" wide icon="trash-x" onClick=${() => setAsking(true)}>${t('forget.ask')}<//>
    <${Confirm} open=${asking} onClose=${() => setAsking(false)} />
  </div>`;
}

function Confirm({ open, onClose }) {
  const [sure, setSure] = useState(false);
  const { busy, trouble, run } = useAct();
  const close = () => { setSure(false); onClose(); };
  const forget = async () => {
    if (!await run(forgetMe)) return;
    toast(t('forget.done'));
    go('', '', { replace: true });
  };
  return html`<${Dialog} open=${open} title=${t('forget.sure')} onClose=${close} actions=${html`
      <${Button} kind="danger-full" wide disabled=${!sure} busy=${busy} onClick=${forget}>${t('forget.do')}<//>
      <${Button} wide onClick=${close}>${t('forget.keep')}<//>`}>
    <p>${t('forget.sure.text')}</p>
    <label class="tick"><input type="checkbox" checked=${sure} onChange=${(event) => setSure(event.target.checked)} /><span>${t('forget.sure.tick')}</span></label>
    <${Trouble} text=${trouble} />
  <//>`;
}
