/** My account: password, second factor, recovery codes, open sessions. */
import { html, useLoaded, useState } from '../../shared/js/view.js';
import { Badge, Button, Card, Cell, Failed, Field, Icon, List, Loading, toast } from '../../shared/js/components.js';
import { dayTime } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { PasswordForm } from '../../shared/js/password_form.js';
import { Trouble, useAct } from '../../shared/js/acting.js';
import { changePassword, endSession, readAccount, renewRecoveryCodes } from '../models/account.js';
import { session } from '../models/session.js';
import { InterestList, Interests } from './interests.js';
import { SecondFactorForm } from './second_factor_form.js';
import { RecoveryCodes } from './shown_once.js';

/** A card with a title, a word on how it stands, what is always seen, and a way in that opens below. */
function Part({ icon, title, badge, always, open, word, onOpen, children }) {
  return html`<${Card} class="stack-tight account-part">
    <header><${Icon} name=${icon} /><h2>${title}</h2>${badge}</header>${always}
    ${open ? children : html`<${Button} kind="line" onClick=${onOpen}>${word}<//>`}
  <//>`;
}

function RenewCodes({ onChanged }) {
  const [password, setPassword] = useState('');
  const [codes, setCodes] = useState(null);
  const { busy, trouble, run } = useAct();
  if (codes) return html`<${RecoveryCodes} codes=${codes} />`;
  const send = async (event) => {
    event.preventDefault();
    const fresh = await run(() => renewRecoveryCodes(password));
    if (fresh) { setCodes(fresh); onChanged(); }
  };
  return html`<form class="stack" onSubmit=${send}><p>${t('account.codes.renew.note')}</p>
    <${Field} label=${t('sign_in.password')} type="password" autocomplete="current-password" required value=${password} onInput=${(event) => setPassword(event.target.value)} />
    <${Trouble} text=${trouble} /><${Button} kind="main" type="submit" busy=${busy} disabled=${!password}>${t('account.codes.renew')}<//></form>`;
}

function Sessions({ sessions, onChanged }) {
  const { busy, trouble, run } = useAct();
  const end = async (one) => {
    if (!(await run(() => endSession(one.id)))) return;
    toast(t('account.session_ended'));
    onChanged();
  };
  return html`<${List} label=${t('account.sessions')}>
    ${sessions.map((one) => html`<${Cell} key=${one.id} icon="device-tablet" title=${one.device ?? t('account.unknown_device')} note=${t('account.session_since', { time: dayTime(one.created_at) })}
      value=${one.current ? html`<${Badge} tone="pine" icon="check">${t('account.this_session')}<//>` : html`<${Button} kind="line" busy=${busy} onClick=${() => end(one)}>${t('account.end_session')}<//>`} />`)}
  <//><${Trouble} text=${trouble} />`;
}

function Parts({ account, again }) {
  const [open, setOpen] = useState('');
  const part = (name) => ({ open: open === name, onOpen: () => setOpen(name) });
  const factor = account.second_factor
    ? html`<${Badge} tone="pine" icon="shield-check">${t('account.factor.on')}<//>` : html`<${Badge} tone="amber" icon="alert-triangle">${t('account.factor.off')}<//>`;
  const left = account.recovery_codes_left;
  return html`
    <${Part} icon="lock" title=${t('sign_in.password')} word=${t('password.change')} ...${part('password')}>
      <${PasswordForm} login=${session.get().person?.login} change=${changePassword} onDone=${() => { setOpen(''); toast(t('password.changed')); again(); }} /><//>
    <${Part} icon="shield-check" title=${t('account.factor')} badge=${factor} word=${t(account.second_factor ? 'account.factor.replace' : 'account.factor.begin')} ...${part('factor')}>
      <${SecondFactorForm} onConfirmed=${again} /><//>
    ${account.second_factor && html`<${Part} icon="key" title=${t('account.codes')} word=${t('account.codes.renew')} ...${part('codes')}
      badge=${html`<${Badge} tone=${left > 2 ? 'pine' : 'amber'} icon=${left > 2 ? 'check' : 'alert-triangle'}>${t('account.codes.left', { count: left })}<//>`}><${RenewCodes} onChanged=${again} /><//>`}
    <${Part} icon="users" title=${t('interests.title')} word=${t('interests.declare')} ...${part('interests')} always=${html`
      <p class="small">${t('interests.why')}</p><${InterestList} members=${account.members} />`}><${Interests} onDeclared=${again} /><//>
    <${Sessions} sessions=${account.sessions} onChanged=${again} />`;
}

export function Account() {
  const { state, value, error, again } = useLoaded(readAccount);
  return html`<section class="stack" aria-label=${t('account.title')}>
    ${state === 'loading' && html`<${Loading} />`}
    ${state === 'failed' && html`<${Failed} error=${error} onRetry=${again} />`}
    ${value && html`<${Parts} account=${value} again=${again} />`}
  </section>`;
}
