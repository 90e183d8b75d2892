/** Where I am signed in, and the end of any of it. */
import { html, useLoaded, useState } from '../../shared/js/view.js';
import { Badge, Button, Card, Dialog, Failed, Icon, Loading, Page, toast } from '../../shared/js/components.js';
import { Trouble, useAct } from '../../shared/js/acting.js';
import { day } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { back } from '../../shared/js/router.js';
import { endOtherSessions, endSession, loadSessions } from '../models/account.js';

export default function SessionsPage() {
  const { state, value, error, again } = useLoaded(loadSessions);
  return html`<${Page} title=${t('sessions.title')} onBack=${() => back('me')}>
    ${state === 'loading' && html`<${Loading} />`}
    ${state === 'failed' && html`<${Failed} error=${error} onRetry=${again} />`}
    ${value && html`<${Sessions} sessions=${value} onEnded=${again} />`}
  <//>`;
}

function Sessions({ sessions, onEnded }) {
  const [chosen, setChosen] = useState(null);
  const { busy, trouble, run } = useAct();
  const others = sessions.filter((session) => !session.current);
  const end = async () => {
    if (!await run(() => (chosen === 'others' ? endOtherSessions() : endSession(chosen)))) return;
    setChosen(null);
    toast(t('sessions.ended'));
    onEnded();
  };
  return html`<div class="stack">
    <p class="quiet">${t('sessions.text')}</p>
    ${sessions.map((session) => html`<${Session} key=${session.id} session=${session} onEnd=${() => setChosen(session.id)} />`)}
    ${others.length > 1 && html`<${Button} kind="danger" wide icon="logout" onClick=${() => setChosen('others')}>${t('sessions.end_others')}<//>`}
    <${Dialog} open=${chosen !== null} title=${t(chosen === 'others' ? 'sessions.ask_others' : 'sessions.ask')} onClose=${() => setChosen(null)}
      actions=${html`<${Button} kind="danger-full" wide busy=${busy} onClick=${end}>${t('sessions.end')}<//>
        <${Button} wide onClick=${() => setChosen(null)}>${t('action.cancel')}<//>`}>
      <p>${t('sessions.ask.text')}</p>
      <${Trouble} text=${trouble} />
    <//>
  </div>`;
}

function Session({ session, onEnd }) {
  const used = session.last_used_on ? day(session.last_used_on) : t('sessions.unknown_day');
  return html`<${Card} class="session-card">
    <div class="session-head">
      <${Icon} name="device-mobile" />
      <h2>${session.device ?? t('sessions.unknown')}</h2>
      ${session.current && html`<${Badge} tone="pine" icon="circle-check">${t('sessions.this')}<//>`}
    </div>
    <p class="small quiet">${t('sessions.since', { day: day(session.created_at) })}</p>
    <p class="small quiet">${t('sessions.used', { day: used })}</p>
    ${!session.current && html`<${Button} kind="danger" onClick=${onEnd}>${t('sessions.end')}<//>`}
  <//>`;
}
