/** The scanner's page: hold the code into the frame; a child's ticket can be handed in here as well. */
import { html, useState } from '../../shared/js/view.js';
import { Icon, Page, Segments } from '../../shared/js/components.js';
import { Scanner } from '../../shared/js/scanner.js';
import { t } from '../../shared/js/i18n.js';
import { to } from '../../shared/js/router.js';
import { couldBeCode, isTicket, looksLikeOurs, submitScan } from '../models/scans.js';
import { signal } from '../models/session.js';
import { show, showNotice } from './result.js';

const COMPANIONS = [0, 1, 2, 3];

function companionWords(number) {
  return number ? t('scan.companion.child', { number }) : t('scan.companion.me');
}

/** What to hold into the frame; for a child it says whose, so that the next ticket isn't taken for the child's. */
function sayWords(companion) {
  return companion ? t('scan.say.child', { number: companion }) : t('scan.say');
}

export default function Scan() {
  const [companion, setCompanion] = useState(0);
  // 'looking' for a code, 'asking' the server, or 'shown': the sheet with the answer is open.
  const [stage, setStage] = useState('looking');
  const judged = async (text) => {
    if (companion && !isTicket(text)) return showNotice('companion');
    if (!couldBeCode(text) || (signal.get().offline && !looksLikeOurs(text))) return showNotice('foreign');
    setStage('asking');
    const outcome = await submitScan({ code: text, companion: companion || undefined });
    setStage('shown');
    return show({ ...outcome, companion }, text);
  };
  const take = async (text) => {
    if (stage !== 'looking') return;
    setStage('shown');
    await judged(text);
    setStage('looking');
  };
  return html`<${Page} title=${t('scan.title')} class="scan">
    <${Scanner} onResult=${take} paused=${stage !== 'looking'}>
      <p class="scan-say" role="status">
        ${stage === 'asking' && html`<span class="spinner" aria-hidden="true"></span>`}
        <span>${stage === 'asking' ? t('scan.asking') : sayWords(companion)}</span>
      </p>
    <//>
    <a class="more" href=${to('code')}><${Icon} name="qrcode" small /> ${t('scan.code')}</a>
    <details class="scan-companion">
      <summary><${Icon} name="users" small /> ${t('scan.companion')}</summary>
      <p class="small quiet">${t('scan.companion.note')}</p>
      <${Segments} label=${t('scan.companion.for')} name="companion" value=${companion} onChange=${setCompanion}
        options=${COMPANIONS.map((number) => ({ value: number, label: companionWords(number) }))} />
    </details>
  <//>`;
}
