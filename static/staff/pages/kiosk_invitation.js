/** The invitation that two people agreed on: its short code and QR code, shown for half an hour, on paper too. */
import { html, useEvery, useState } from '../../shared/js/view.js';
import { Badge, Button, Icon } from '../../shared/js/components.js';
import { clock, dayTime, time } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { QrCode } from '../../shared/js/qr.js';
import { Trouble, useAct } from '../../shared/js/acting.js';
import { showInvitation } from '../models/kiosks.js';
import { may } from '../models/session.js';

const SECOND_MILLISECONDS = 1000;
const LOOKS = { open: ['pine', 'clock'], used: ['sea', 'circle-check'], expired: ['amber', 'clock'], withdrawn: ['grey', 'ban'] };

/** What became of the code that was shown last. */
function CodeState({ invitation }) {
  if (!invitation) return null;
  const [tone, icon] = LOOKS[invitation.state];
  return html`<p class="row"><${Badge} tone=${tone} icon=${icon}>${t(`kiosk.code.${invitation.state}`)}<//>
    <span class="small quiet">${t(invitation.state === 'open' ? 'kiosk.code.until' : 'kiosk.code.was_until', { time: dayTime(invitation.expires_at) })}</span></p>`;
}

/** Large enough to be typed from another room; prints by itself. */
function ShownCode({ kiosk, shown }) {
  const [, tick] = useState(0);
  useEvery(SECOND_MILLISECONDS, () => tick((before) => before + 1));
  const left = (Date.parse(shown.expires_at) - Date.now()) / 1000;
  if (left <= 0) return html`<p class="amber with-icon" role="status"><${Icon} name="clock" small />${t('kiosk.code.expired')}</p>`;
  const command = `./island kiosk provision ${kiosk.name} --qr "${shown.text}"`;
  return html`<div class="shown-once kiosk-code">
    <div class="kiosk-code-qr"><${QrCode} text=${shown.text} label=${t('kiosk.code.qr')} /></div>
    <div class="stack-tight">
      <p class="small">${kiosk.venue} · ${kiosk.name} · ${t('kiosk.number', { number: kiosk.id })}</p>
      <p class="kiosk-code-text"><code>${shown.code}</code></p>
      <p class="small" role="timer">${t('kiosk.code.left', { left: clock(left), time: time(shown.expires_at) })}</p>
      <p class="small">${t('kiosk.code.how')}</p>
      <p class="kiosk-code-command"><code>${command}</code></p>
      <p class="shown-once-ways"><${Button} kind="line" icon="printer" onClick=${() => print()}>${t('once.print')}<//></p>
    </div>
  </div>`;
}

export function KioskInvitation({ found, onDeed, onChanged }) {
  const { kiosk, invitation, invitable_until: until } = found;
  const [shown, setShown] = useState(null);
  const { busy, trouble, run } = useAct();
  const show = async () => {
    const made = await run(() => showInvitation(kiosk.id));
    if (made) { setShown(made); onChanged(); }
  };
  const used = invitation?.state !== 'open';
  if (!until && !invitation) return null;
  return html`<section class="card stack-tight" aria-labelledby="invitation-title"><h2 id="invitation-title">${t('kiosk.invitation.head')}</h2>
    ${until && html`<p>${t('kiosk.code.agreed', { time: dayTime(until) })}</p>`}
    ${shown && !used ? html`<${ShownCode} key=${shown.code} kiosk=${kiosk} shown=${shown} />` : html`<${CodeState} invitation=${invitation} />`}
    <${Trouble} text=${trouble} />
    ${until && html`<div class="row">
      ${may('staff_create_kiosk_code') && html`<${Button} kind=${shown ? 'line' : 'main'} icon="qrcode" busy=${busy} onClick=${show}>${t(invitation ? 'kiosk.code.next' : 'kiosk.code.show')}<//>`}
      ${may('staff_end_kiosk_invitation') && html`<${Button} kind="danger" icon="ban" onClick=${() => onDeed('invitation/end')}>${t('kiosk.invitation_end')}<//>`}</div>`}
  </section>`;
}
