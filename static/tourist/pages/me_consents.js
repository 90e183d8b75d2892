/** What I agreed to, in which version and when; the words themselves; and the way to take it back. */
import { html, useLoaded, useState } from '../../shared/js/view.js';
import { Button, Cell, Dialog, Failed, Icon, List, Loading, Page, toast } from '../../shared/js/components.js';
import { Trouble, useAct } from '../../shared/js/acting.js';
import { dayTime } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { back, go, to } from '../../shared/js/router.js';
import { CURRENT, giveConsent, loadConsents, NOTICES, withdrawConsent } from '../models/consents.js';

export default function ConsentsPage() {
  const { state, value, error, again } = useLoaded(loadConsents);
  return html`<${Page} title=${t('consent.title')} onBack=${() => back('me')}>
    <div class="stack">
      <${List} label=${t('consent.words')}>
        ${NOTICES.map((notice) => html`<${Cell} key=${notice} icon="file-text" title=${t(`notice.${notice}`)}
          note=${t('notice.version.short', { version: CURRENT[notice] })} href=${to('notices', notice)} />`)}
      <//>
      ${state === 'loading' && html`<${Loading} />`}
      ${state === 'failed' && html`<${Failed} error=${error} onRetry=${again} />`}
      ${value && html`<${Standing} consents=${value} onChanged=${again} /><${Said} deeds=${value.data} /><${Withdraw} />`}
    </div>
  <//>`;
}

/** How it stands now; what was never asked, or has other words by now, can be agreed to here. */
function Standing({ consents, onChanged }) {
  const { busy, trouble, run } = useAct();
  const due = NOTICES.filter((notice) => consents.given[notice] !== CURRENT[notice]);
  const agree = async () => {
    if (!await run(giveConsent)) return;
    toast(t('consent.done'));
    onChanged();
  };
  if (!due.length) return html`<p class="card"><${Icon} name="circle-check" small /> ${t('consent.stands')}</p>`;
  return html`<section class="card stack-tight">
    <p>${t('consent.due', { notices: due.map((notice) => t(`notice.${notice}`)).join(t('list.separator')) })}</p>
    <${Trouble} text=${trouble} />
    <${Button} kind="main" wide busy=${busy} onClick=${agree}>${t('consent.agree')}<//>
  </section>`;
}

function Said({ deeds }) {
  if (!deeds.length) return null;
  return html`<${List} label=${t('consent.history')}>
    ${deeds.map((deed, place) => html`<${Cell} key=${place} icon=${deed.deed === 'given' ? 'circle-check' : 'arrow-back-up'}
      tone=${deed.deed === 'given' ? 'pine' : 'amber'} title=${t(`consent.${deed.deed}`, { notice: t(`notice.${deed.notice}`) })}
      note=${`${t('notice.version.short', { version: deed.version })} · ${dayTime(deed.at)}`} />`)}
  <//>`;
}

/** What follows is said before it is done. */
function Withdraw() {
  const [asking, setAsking] = useState(false);
  const { busy, trouble, run } = useAct();
  const withdraw = async () => {
    if (!await run(withdrawConsent)) return;
    toast(t('consent.withdraw.done'));
    go('', '', { replace: true });
  };
  return html`<section class="stack-tight">
    <${Button} kind="line" wide icon="arrow-back-up" onClick=${() => setAsking(true)}>${t('consent.withdraw')}<//>
    <${Dialog} open=${asking} title=${t('consent.withdraw.title')} onClose=${() => setAsking(false)} actions=${html`
      <${Button} kind="danger-full" wide busy=${busy} onClick=${withdraw}>${t('consent.withdraw.do')}<//>
      <${Button} wide onClick=${() => setAsking(false)}>${t('consent.withdraw.keep')}<//>`}>
      <ul class="bullets">${[1, 2, 3, 4].map((line) => html`<li key=${line}>${t(`consent.withdraw.${line}`)}</li>`)}</ul>
      <p class="small quiet">${t('consent.withdraw.forget')} <a href=${to('forget')}>${t('forget.title')}</a></p>
      <${Trouble} text=${trouble} />
    <//>
  </section>`;
}
