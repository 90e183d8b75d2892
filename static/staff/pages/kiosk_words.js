/** What a kiosk says of itself, in words. */
import { html } from '../../shared/js/view.js';
import { Icon } from '../../shared/js/components.js';
import { count } from '../../shared/js/format.js';
import { hasWords, t } from '../../shared/js/i18n.js';
import { AGREEMENT_OLD_DAYS, agreementDays, QUEUE_LONG } from '../models/kiosks.js';

const CLOCK_OFF_SECONDS = 60;

export function paperWord(paper) {
  return paper && hasWords(`paper.${paper}`) ? t(`paper.${paper}`) : paper ?? '–';
}

export function Queue({ queue }) {
  if (queue === null) return '–';
  return queue >= QUEUE_LONG ? html`<b class="amber"><${Icon} name="cloud-upload" small /> ${count(queue)}</b>` : count(queue);
}

/** "+3 s": the server's time minus the kiosk's. */
export function clockWords(seconds) {
  return `${seconds > 0 ? '+' : seconds < 0 ? '−' : ''}${count(Math.abs(seconds))} s`;
}

export function Clock({ kiosk }) {
  if (!kiosk.last_heartbeat_at) return '–';
  const text = clockWords(kiosk.clock_offset_seconds);
  return Math.abs(kiosk.clock_offset_seconds) >= CLOCK_OFF_SECONDS ? html`<b class="amber"><${Icon} name="clock" small /> ${text}</b>` : text;
}

/** "v12 · 3 days". */
export function Agreement({ kiosk, now }) {
  const days = agreementDays(kiosk, now);
  if (kiosk.agreement === null) return '–';
  const text = days === null ? `v${kiosk.agreement}` : `v${kiosk.agreement} · ${t('kiosk.days', { count: days })}`;
  return days >= AGREEMENT_OLD_DAYS ? html`<b class="amber">${text}</b>` : text;
}

/** What a change was: "Invitation", "Suspended". */
export function changeName(change) {
  return t(`kiosk.change.${change}`);
}
