/** What an editor says before one begins and before one goes: versions that wait, a draft that was kept, words not sent. */
import { html, useEffect, useState } from '../../shared/js/view.js';
import { Button, Dialog, Icon } from '../../shared/js/components.js';
import { t } from '../../shared/js/i18n.js';
import { waitingOf } from '../models/versions.js';
import { fullMoment } from './moments.js';

function linkOf(event) {
  const plain = !event.defaultPrevented && event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
  return plain ? event.target.closest?.('a[href^="#"]') : null;
}

/** Asks while `unsaved`; `onLeave` is told when somebody leaves it behind on purpose. */
export function LeavingGuard({ unsaved, onLeave }) {
  const [wanted, setWanted] = useState(null);
  useEffect(() => {
    if (!unsaved) return undefined;
    const hold = (event) => event.preventDefault();
    const ask = (event) => {
      const link = linkOf(event);
      if (!link) return;
      event.preventDefault();
      event.stopPropagation();
      setWanted(link.getAttribute('href'));
    };
    addEventListener('beforeunload', hold);
    document.addEventListener('click', ask, true);
    return () => { removeEventListener('beforeunload', hold); document.removeEventListener('click', ask, true); };
  }, [unsaved]);
  const leave = (dropping) => () => { if (dropping) onLeave(); location.hash = wanted; };
  return html`<${Dialog} open=${wanted !== null} title=${t('leave.title')} onClose=${() => setWanted(null)} actions=${html`
    <${Button} kind="main" onClick=${() => setWanted(null)}>${t('leave.stay')}<//>
    <${Button} kind="plain" onClick=${leave(false)}>${t('leave.keep')}<//>
    <${Button} kind="danger" onClick=${leave(true)}>${t('leave.drop')}<//>`}><p>${t('leave.text')}</p><//>`;
}

/** What was written before and not sent is here again. */
export function FoundDraft({ edit }) {
  if (!edit.found || !edit.unsaved) return null;
  return html`<p class="found-draft"><${Icon} name="history" small /><span>${t('draft.found')}</span><${Button} kind="quiet" onClick=${edit.reset}>${t('leave.drop')}<//></p>`;
}

/** Versions that wait already: whoever changes the rule in force should know of them. */
export function Waits({ versions }) {
  return waitingOf(versions).map((version) => html`<p key=${version.version} class="found-draft"><${Icon} name="hourglass" small />
    <span>${t(version.state === 'asked' ? 'editor.waits' : 'editor.begins', { version: version.version, moment: fullMoment(version.starts_at) })}</span></p>`);
}
