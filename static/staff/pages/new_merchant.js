/** A new merchant: its names and place, its owner's sign-in; then the one-time password. */
import { html, useState } from '../../shared/js/view.js';
import { Button, Field } from '../../shared/js/components.js';
import { t } from '../../shared/js/i18n.js';
import { Trouble, useAct } from '../../shared/js/acting.js';
import { admitMerchant } from '../models/merchants.js';
import { Drawer } from './drawer.js';
import { Reason } from './reason.js';
import { OneTimePassword } from './shown_once.js';

const NAMES = ['name_zh', 'name_en', 'place_zh', 'place_en'];
const EMPTY = { name_zh: '', name_en: '', place_zh: '', place_en: '', owner: '', login: '', reason: '' };

/** The four texts that a merchant is known by. */
export function MerchantNames({ entered, enter }) {
  return NAMES.map((name) => html`<${Field} key=${name} label=${t(`field.${name}`)} lang=${name.endsWith('zh') ? 'zh-CN' : 'en'} value=${entered[name]} required maxlength="64"
    autocomplete="off" onInput=${(event) => enter(name)(event.target.value)} />`);
}

function NewMerchantForm({ onMade }) {
  const [entered, setEntered] = useState(EMPTY);
  const { busy, trouble, run } = useAct();
  const enter = (name) => (value) => setEntered((before) => ({ ...before, [name]: value }));
  const trimmed = Object.fromEntries(Object.entries(entered).map(([name, value]) => [name, value.trim()]));
  const send = async (event) => {
    event.preventDefault();
    const made = await run(() => admitMerchant(trimmed));
    if (made) onMade({ ...made, person: { name: trimmed.owner } });
  };
  return html`<form class="stack" onSubmit=${send}>
    <${MerchantNames} entered=${entered} enter=${enter} />
    <${Field} label=${t('merchant.owner')} value=${entered.owner} required maxlength="40" autocomplete="off" onInput=${(event) => enter('owner')(event.target.value)} />
    <${Field} label=${t('sign_in.login')} note=${t('people.login.note')} value=${entered.login} required maxlength="32" pattern="[a-z0-9][a-z0-9._\\-]+" autocomplete="off"
      autocapitalize="none" spellcheck=${false} onInput=${(event) => enter('login')(event.target.value)} />
    <${Reason} value=${entered.reason} onInput=${enter('reason')} />
    <${Trouble} text=${trouble} />
    <${Button} kind="main" wide type="submit" icon="plus" busy=${busy} disabled=${Object.values(trimmed).some((value) => !value)}>${t('merchants.admit')}<//>
  </form>`;
}

export function NewMerchantDrawer({ onChanged, onClose }) {
  const [made, setMade] = useState(null);
  const keep = (answer) => { setMade(answer); onChanged(); };
  return html`<${Drawer} title=${t('merchants.new')} onClose=${onClose}>
    <header class="drawer-head"><h2>${t('merchants.new')}</h2></header>
    ${made
      ? html`<p>${t('merchants.admitted', { name: made.merchant.name, login: made.login })}</p><${OneTimePassword} made=${made} /><${Button} kind="plain" wide onClick=${onClose}>${t('once.done')}<//>`
      : html`<${NewMerchantForm} onMade=${keep} />`}
  <//>`;
}
