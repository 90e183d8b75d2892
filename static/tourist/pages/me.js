/** Me: who I am here, my things, how the pages look, and the way out. */
import { html, useState, useStore } from '../../shared/js/view.js';
import { Button, Cell, Dialog, Field, Icon, List, Page, toast } from '../../shared/js/components.js';
import { grams } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { Looks } from '../../shared/js/looks.js';
import { to } from '../../shared/js/router.js';
import { member, session, signOut } from '../models/session.js';
import { agreeAndSignIn } from '../models/consents.js';
import { keptScans } from '../models/scans.js';
import { inWechat, island } from '../models/arrival.js';

export default function Me() {
  const me = useStore(member);
  const { recoveryCode } = useStore(session);
  const here = useStore(island);
  const saved = me?.reduction_grams === undefined ? undefined : html`<span class="grams">${grams(me.reduction_grams)}</span>`;
  return html`<${Page} title=${t('me.title')}>
    <div class="stack">
      <section class="me-head">
        <span class="me-face"><${Icon} name="user" /></span>
        <div>
          <p class="me-name">${me?.nickname || t('me.unnamed')}</p>
          <p class="small quiet">${me ? t(`kind.${me.kind}`) : ''}</p>
          ${me && html`<p class="legal">${t('me.number', { number: me.id })}</p>`}
        </div>
      </section>
      <${List}>
        <${Cell} key="code" icon="qrcode" title=${t('code.title')} note=${t('code.cell')} href=${to('code')} />
        <${Cell} key="vouchers" icon="ticket" title=${t('vouchers.title')} href=${to('vouchers')} />
        <${Cell} key="history" icon="history" title=${t('history.title')} href=${to('history')} />
        <${Cell} key="carbon" icon="chart-bar" title=${t('carbon.title')} href=${to('carbon')} value=${saved} />
        <${Cell} key="after" icon="ship" title=${t('after.title')} href=${to('after')} />
      <//>
      ${recoveryCode && html`<${Recovery} code=${recoveryCode} />`}
      ${me?.kind === 'guest' && here?.demonstration && !here.wechat_sign_in && html`<${Attach} />`}
      ${me?.kind === 'guest' && inWechat && here?.wechat_sign_in && html`<${AttachWechat} address=${here.wechat_sign_in} />`}
      <${Looks} />
      <${Privacy} />
      <${About} />
      <${Leave} guest=${me?.kind === 'guest'} />
    </div>
  <//>`;
}

function Recovery({ code }) {
  const copy = () => navigator.clipboard?.writeText(code).then(() => toast(t('me.recovery.copied')), () => {});
  return html`<section class="card stack-tight">
    <h2>${t('me.recovery')}</h2>
    <p class="small quiet">${t('me.recovery.note')}</p>
    <p class="me-recovery figures">${code}</p>
    ${navigator.clipboard && html`<${Button} kind="line" icon="copy" onClick=${copy}>${t('me.recovery.copy')}<//>`}
  </section>`;
}

/** A guest who has WeChat after all keeps the points (demonstration: a stand-in). */
function Attach() {
  const [name, setName] = useState('');
  const [open, setOpen] = useState(false);
  const [trouble, setTrouble] = useState('');
  const send = async (event) => {
    event.preventDefault();
    try {
      await agreeAndSignIn({ code: `sim:${name.trim()}` });
      setOpen(false);
      toast(t('me.attach.done'));
    } catch (error) {
      setTrouble(error.detail || t('failed.offline.title'));
    }
  };
  return html`<${List}>
      <${Cell} icon="key" tone="sea" title=${t('me.attach')} note=${t('me.attach.note')} onClick=${() => setOpen(true)} />
    <//>
    <${Dialog} open=${open} title=${t('me.attach')} onClose=${() => setOpen(false)} actions=${html`
      <${Button} kind="main" wide type="submit" form="attach" disabled=${!name.trim()}>${t('me.attach.do')}<//>
      <${Button} wide onClick=${() => setOpen(false)}>${t('action.cancel')}<//>`}>
      <form id="attach" onSubmit=${send}><${Field} label=${t('arrive.wechat.name')} value=${name} error=${trouble}
        maxlength="24" autocomplete="off" pattern="[\\p{L}\\p{N}_\\-]+" onInput=${(event) => setName(event.target.value)} /></form>
    <//>`;
}

/** The same with WeChat itself, which comes back to this page. */
function AttachWechat({ address }) {
  const go = async () => (await import('../models/wechat.js')).leaveFor(address, 'sign_in');
  return html`<${List}><${Cell} icon="key" tone="sea" title=${t('me.attach')} note=${t('me.attach.wechat')} onClick=${go} /><//>`;
}

/** What I agreed to, where I am signed in, what is held about me, and the end of it. */
function Privacy() {
  return html`<${List} label=${t('me.privacy')}>
    <${Cell} key="consents" icon="file-text" tone="sea" title=${t('consent.title')} note=${t('consent.cell')} href=${to('consents')} />
    <${Cell} key="sessions" icon="device-mobile" tone="sea" title=${t('sessions.title')} note=${t('sessions.cell')} href=${to('sessions')} />
    <${Cell} key="data" icon="download" tone="sea" title=${t('data.title')} note=${t('data.cell')} href=${to('data')} />
    <${Cell} key="forget" icon="trash-x" tone="red" title=${t('forget.title')} note=${t('forget.cell')} href=${to('forget')} />
  <//>`;
}

function About() {
  return html`<section class="card stack-tight">
    <h2>${t('me.about')}</h2>
    ${[1, 2, 3].map((line) => html`<p key=${line} class="small quiet">${t(`me.about.${line}`)}</p>`)}
  </section>`;
}

function Leave({ guest }) {
  const [asking, setAsking] = useState(false);
  const waiting = useStore(keptScans).filter(({ state }) => state === 'kept').length;
  const leave = () => signOut().catch((error) => toast(error.detail || t('failed.title'), 'alert-triangle'));
  return html`<div class="me-leave">
    <${Button} kind="line" wide icon="logout" onClick=${() => setAsking(true)}>${t('action.sign_out')}<//>
    <${Dialog} open=${asking} title=${t('me.leave.title')} onClose=${() => setAsking(false)} actions=${html`
      <${Button} kind="danger-full" wide onClick=${leave}>${t('action.sign_out')}<//>
      <${Button} wide onClick=${() => setAsking(false)}>${t('action.cancel')}<//>`}>
      <p>${t(guest ? 'me.leave.guest' : 'me.leave.text')}</p>
      ${waiting > 0 && html`<p><${Icon} name="device-mobile" small /> ${t('me.leave.waiting', { count: waiting })}</p>`}
    <//>
  </div>`;
}
