/** Back from WeChat's page: sign in with what it said, or note its yes to a message, and go on where the person was. */
import { html, useEffect, useState } from '../../shared/js/view.js';
import { Button, Icon, Loading, Mark, QuickChoices, toast } from '../../shared/js/components.js';
import { t } from '../../shared/js/i18n.js';
import { Unreachable } from '../../shared/js/api.js';
import { island, sentBack, waitingCode } from '../models/arrival.js';
import { agreeAndSignIn } from '../models/consents.js';
import { leaveFor, noteReminder, takeQuestion } from '../models/wechat.js';
import { collect } from './arrive.js';

async function signInWith(code) {
  if (!code) return t('wechat.declined');
  await agreeAndSignIn({ oauth_code: code });
  if (waitingCode.get()) await collect(waitingCode.get());
  return '';
}

async function noteAnswer(occasion, action) {
  if (action === 'confirm') await noteReminder(occasion);
  toast(t(action === 'confirm' ? 'remind.noted' : 'remind.declined'), action === 'confirm' ? 'bell' : 'info-circle');
  return '';
}

/** Done: the address is where the person was, and the pages go on. */
function goOn(hash = '') {
  if (hash) location.hash = hash;
  sentBack.set(null);
}

export default function WechatBack({ foot: Foot }) {
  const [trouble, setTrouble] = useState('');
  const [asked] = useState(() => takeQuestion(sentBack.get().mark));
  useEffect(() => {
    const { code, action } = sentBack.get();
    const finish = async () => {
      if (!asked) return t('wechat.foreign');
      return asked.purpose === 'sign_in' ? signInWith(code) : noteAnswer(asked.purpose, action);
    };
    finish().then(
      (said) => (said ? setTrouble(said) : goOn(asked.hash)),
      (error) => setTrouble(error instanceof Unreachable ? t('wechat.offline') : error.detail || t('failed.text')),
    );
  }, []);
  const again = island.get()?.wechat_sign_in;
  return html`<div class="app-page"><main class="page arrive">
    <header class="arrive-head"><p class="brand"><${Mark} /><span>${t('product')}</span></p><${QuickChoices} /></header>
    ${!trouble && html`<${Loading} />`}
    ${trouble && html`<h1>${t('wechat.title')}</h1>
      <p class="arrive-trouble" role="alert"><${Icon} name="alert-triangle" small /> ${trouble}</p>
      <div class="arrive-actions">
        ${again && html`<${Button} kind="main" wide onClick=${() => leaveFor(again, 'sign_in')}>${t('wechat.again')}<//>`}
        <${Button} wide onClick=${() => goOn(asked?.hash)}>${t('wechat.go_on')}<//>
      </div>`}
  </main></div>
  <${Foot} />`;
}
