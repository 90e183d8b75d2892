/** The scanner's page: hold the code into the frame; a child's ticket can be handed in here as well. */
import { html, useState } from '../../shared/js/view.js';
import { Icon, Page, Segments } from '../../shared/js/components.js';
import { Scanner } from '../../shared/js/scanner.js';
import { t } from '../../shared/js/i18n.js';
import { isTicket, looksLikeOurs, submitScan } from '../models/scans.js';
import { signal } from '../models/session.js';
import { show, showNotice } from './result.js';

const COMPANIONS = [0, 1, 2, 3];

export default function Scan() {
  const [companion, setCompanion] = useState(0);
  const [busy, setBusy] = useState(false);
  const take = async (text) => {
    if (busy) return;
    setBusy(true);
    if (companion && !isTicket(text)) await showNotice('companion');
    else if (!looksLikeOurs(text) && signal.get().offline) await showNotice('foreign');
    else await show(await submitScan({ code: text, companion: companion || undefined }), text);
    setBusy(false);
  };
  return html`<${Page} title=${t('scan.title')} class="scan">
    <${Scanner} onResult=${take} paused=${busy}>
      <p class="scan-say" role="status">${busy ? html`<span class="spinner" aria-hidden="true"></span> ${t('scan.asking')}` : t('scan.say')}</p>
    <//>
    <details class="scan-companion">
      <summary><${Icon} name="users" small /> ${t('scan.companion')}</summary>
      <p class="small quiet">${t('scan.companion.note')}</p>
      <${Segments} label=${t('scan.companion.for')} hideLabel name="companion" value=${companion} onChange=${setCompanion}
        options=${COMPANIONS.map((number) => ({ value: number, label: number ? t('scan.companion.child', { number }) : t('scan.companion.me') }))} />
    </details>
  <//>`;
}
