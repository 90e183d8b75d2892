/** "Tell me before it expires": one tap is one message on WeChat. Shown only where WeChat can be asked. */
import { html, useEffect, useState } from '../../shared/js/view.js';
import { Button, Icon, toast } from '../../shared/js/components.js';
import { t } from '../../shared/js/i18n.js';
import { inWechat } from '../models/arrival.js';
import { leaveFor, loadReminders, noteReminder } from '../models/wechat.js';

/** Inside the mini-program its own dialog asks; a page can't. */
function canAsk({ how }) {
  return how === 'tap' || (how === 'page' && inWechat);
}

export function Remind({ occasion }) {
  const [ways, setWays] = useState([]);
  const [busy, setBusy] = useState(false);
  // Without signal, or for a guest, there is nothing to offer, and nothing to say about it.
  useEffect(() => { loadReminders().then(setWays, () => {}); }, [occasion]);
  const way = ways.find((one) => one.occasion === occasion);
  if (!way || (!way.remaining && !canAsk(way))) return null;
  if (way.remaining) return html`<p class="remind small quiet"><${Icon} name="bell" small /> ${t(`remind.${occasion}.stands`)}</p>`;
  const ask = async () => {
    if (way.how === 'page') { leaveFor(way.address, occasion); return; }
    setBusy(true);
    await noteReminder(occasion).then(setWays, (error) => toast(error.detail || t('failed.offline.title'), 'alert-triangle'));
    setBusy(false);
  };
  return html`<div class="remind"><${Button} kind="line" wide icon="bell" busy=${busy} onClick=${ask}>${t(`remind.${occasion}`)}<//></div>`;
}
