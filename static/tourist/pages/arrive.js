/**
 * The first page: who are you, and, when a code came with the link, one button that takes consent, sign-in
 * and scan together. Nothing is credited before that button.
 */
import { html, useStore, useState } from '../../shared/js/view.js';
import { Button, Dialog, Field, Icon, Mark, QuickChoices, Ridge, Segments } from '../../shared/js/components.js';
import { language, t } from '../../shared/js/i18n.js';
import { keep, keptValue } from '../../shared/js/kept.js';
import { freshId, Unreachable } from '../../shared/js/api.js';
import { member, session } from '../models/session.js';
import { agreeAndSignIn } from '../models/consents.js';
import { clearWaitingCode, inWechat, island, waitingCode } from '../models/arrival.js';
import { NoticeLinks } from './notice_words.js';

export default function Arrive({ foot: Foot }) {
  const code = useStore(waitingCode);
  const { token } = useStore(session);
  const here = useStore(island);
  return html`<div class="app-page"><main class="page arrive">
    <header class="arrive-head">
      <p class="brand"><${Mark} /><span>${t('product')}</span></p>
      <${QuickChoices} />
    </header>
    <div class="arrive-scene" aria-hidden="true"><${Ridge} /></div>
    <h1>${t(code ? 'arrive.code.title' : 'arrive.title', { island: here?.name ?? t('arrive.island') })}</h1>
    <p class="arrive-lead">${t(code ? 'arrive.code.text' : 'arrive.text')}</p>
    ${token ? html`<${Collect} code=${code} />` : html`<${SignIn} code=${code} here=${here} />`}
  </main></div>
  <${Foot} />`;
}

/** Hand the waiting code in and show what became of it. */
export async function collect(code) {
  const [{ submitScan }, { show }] = await Promise.all([import('../models/scans.js'), import('./result.js')]);
  const outcome = await submitScan(code);
  clearWaitingCode();
  show(outcome, code.code);
}

/** Someone who is signed in already: one button. */
function Collect({ code }) {
  const [busy, setBusy] = useState(false);
  const press = () => { setBusy(true); collect(code); };
  return html`<div class="arrive-actions">
    <${Button} kind="main" wide icon="leaf" busy=${busy} onClick=${press}>${t('arrive.collect')}<//>
    <p class="legal">${t('arrive.signed_in', { name: member.get()?.nickname ?? t('me.unnamed') })}</p>
    <${Button} kind="quiet" wide onClick=${clearWaitingCode}>${t('arrive.leave')}<//>
  </div>`;
}

function standInName() {
  const kept = keptValue('stand_in');
  if (kept) return kept;
  return `visitor-${freshId().replace(/[^a-z0-9]/gi, '').slice(0, 4).toLowerCase()}`;
}

function identityOf(way, name, resident, recovery) {
  if (way === 'guest') return { guest: true };
  if (way === 'recovery') return { recovery_code: recovery.trim() };
  keep('stand_in', name.trim());
  return { code: `sim:${resident ? 'resident-' : ''}${name.trim()}` };
}

/** The way that is ready when the page is drawn. An answer that comes later adds its way and changes nobody's choice. */
function firstWay(here) {
  if (inWechat && here?.wechat_sign_in) return 'wechat';
  return here?.demonstration && !here.wechat_sign_in && language() === 'zh' ? 'wechat' : 'guest';
}

function SignIn({ code, here }) {
  const [way, setWay] = useState(() => firstWay(here));
  const [name, setName] = useState(standInName);
  const [resident, setResident] = useState(false);
  const [recovery, setRecovery] = useState('');
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState('');
  const wechatPage = inWechat ? here?.wechat_sign_in : null;
  const standIn = Boolean(here?.demonstration && !here.wechat_sign_in);
  const press = async (event) => {
    event.preventDefault();
    setBusy(true);
    setTrouble('');
    try {
      if (way === 'wechat' && wechatPage) {
        const { leaveFor } = await import('../models/wechat.js');
        leaveFor(wechatPage, 'sign_in');
        return;
      }
      await agreeAndSignIn(identityOf(way, name, resident, recovery));
      if (code) await collect(code);
    } catch (error) {
      setTrouble(error instanceof Unreachable ? t(code ? 'arrive.offline.code' : 'arrive.offline') : error.detail || t('failed.text'));
      setBusy(false);
    }
  };
  const ways = [
    ...(wechatPage || standIn ? [{ value: 'wechat', label: t(wechatPage ? 'arrive.way.wechat.real' : 'arrive.way.wechat') }] : []),
    { value: 'guest', label: t('arrive.way.guest') },
    { value: 'recovery', label: t('arrive.way.recovery') },
  ];
  return html`<form class="arrive-actions" onSubmit=${press}>
    <${Segments} label=${t('arrive.way')} hideLabel name="way" options=${ways} value=${way} onChange=${setWay} />
    ${way === 'wechat' && wechatPage && html`<p class="small quiet">${t('arrive.wechat.real.note')}</p>`}
    ${way === 'wechat' && !wechatPage && html`<${StandIn} name=${name} setName=${setName} resident=${resident} setResident=${setResident} />`}
    ${way === 'guest' && html`<p class="small quiet">${t('arrive.guest.note')}</p>`}
    ${way === 'recovery' && html`<${Field} label=${t('arrive.recovery')} value=${recovery} autocomplete="off" required
      onInput=${(event) => setRecovery(event.target.value)} note=${t('arrive.recovery.note')} />`}
    ${trouble && html`<p class="arrive-trouble" role="alert"><${Icon} name="alert-triangle" small /> ${trouble}</p>`}
    <${Button} kind="main" wide type="submit" icon=${code ? 'leaf' : undefined} busy=${busy}>
      ${t(code ? 'arrive.agree.collect' : 'arrive.agree')}<//>
    <${Consent} />
    ${code && html`<${Button} kind="quiet" wide onClick=${clearWaitingCode}>${t('arrive.leave')}<//>`}
  </form>`;
}

/** The demonstration's WeChat: a name is ready, so that nobody has to fill in a form. */
function StandIn({ name, setName, resident, setResident }) {
  const [open, setOpen] = useState(false);
  if (!open) {
    return html`<p class="stand-in"><span>${t('arrive.wechat.as', { name })}</span>
      <button type="button" class="link-button" onClick=${() => setOpen(true)}>${t('arrive.wechat.change')}</button></p>`;
  }
  return html`<div class="stack-tight">
    <${Field} label=${t('arrive.wechat.name')} value=${name} maxlength="24" required autocomplete="off" pattern="[\\p{L}\\p{N}_\\-]+"
      note=${t('arrive.wechat.note')} onInput=${(event) => setName(event.target.value)} />
    <label class="tick"><input type="checkbox" checked=${resident} onChange=${(event) => setResident(event.target.checked)} />
      <span>${t('arrive.wechat.resident')}</span></label>
  </div>`;
}

/** What agreeing means: two lines here, the rest one touch away, and every word of it one more. */
function Consent() {
  const [open, setOpen] = useState(false);
  return html`<div class="arrive-consent">
    <p class="legal">${t('arrive.consent')}</p>
    <${NoticeLinks} />
    <button type="button" class="link-button legal" onClick=${() => setOpen(true)}>${t('arrive.consent.more')}</button>
    <${Dialog} open=${open} title=${t('arrive.consent.more')} onClose=${() => setOpen(false)}
      actions=${html`<${Button} kind="main" wide onClick=${() => setOpen(false)}>${t('action.close')}<//>`}>
      <ul class="bullets">${[1, 2, 3, 4, 5].map((line) => html`<li key=${line}>${t(`arrive.consent.${line}`)}</li>`)}</ul>
    <//>
  </div>`;
}
