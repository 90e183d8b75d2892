/** The fleet: what each kiosk last said, what that means, and what staff make of it. */
import { api, readOrLast } from './session.js';

const SILENT_SECONDS = 10 * 60;   // a heartbeat comes every minute
const DAY_MILLISECONDS = 86_400_000;
/** Queue of a kiosk that is in touch but does not empty it. */
export const QUEUE_LONG = 100;
export const AGREEMENT_OLD_DAYS = 7;
/** What the list can be narrowed to, the worst first. */
export const HEALTHS = ['lost', 'suspended', 'silent', 'paper_out', 'waiting', 'invited', 'well', 'retired'];

export async function readKiosks() {
  return (await readOrLast('staff/kiosks')).data;
}

/** {kiosk, versions, invitable_until, invitation: {state, expires_at} or null, heartbeats, events}. */
export function readKiosk(id) {
  return readOrLast(`staff/kiosks/${id}`);
}

/** The health of a kiosk: lost, suspended, silent, paper_out, waiting (never heard), invited, retired, well. */
export function healthOf(kiosk, now) {
  if (kiosk.state !== 'active') return kiosk.state;
  if (!kiosk.last_heartbeat_at) return 'waiting';
  if ((now - Date.parse(kiosk.last_heartbeat_at)) / 1000 > SILENT_SECONDS) return 'silent';
  return kiosk.paper === 'paper_out' ? 'paper_out' : 'well';
}

/** Kiosks whose place, name or number holds the words, of one health or all. */
export function filterKiosks(kiosks, words, health, now) {
  const wanted = words.trim().toLowerCase();
  const found = (kiosk) => [kiosk.venue, kiosk.name, kiosk.id].some((text) => text.toLowerCase().includes(wanted));
  return kiosks.filter((kiosk) => (!health || healthOf(kiosk, now) === health) && found(kiosk));
}

/** The software of a kiosk in one line: "kiosk 1.0.0, scenes 1". */
export function softwareOf(kiosk) {
  if (!kiosk.software) return '';
  if (typeof kiosk.software === 'string') return kiosk.software;
  return Object.entries(kiosk.software).map(([part, version]) => `${part} ${version}`).join(', ');
}

/** Whole days since the agreement was signed that the kiosk runs on; null where it said of none. */
export function agreementDays(kiosk, now) {
  return kiosk.agreement_issued_at ? Math.max(0, Math.floor((now - Date.parse(kiosk.agreement_issued_at)) / DAY_MILLISECONDS)) : null;
}

/** One more kiosk at a place: {venue, name, reason}; a second person decides. */
export function askForKiosk(wish) {
  return api.post('staff/kiosks', wish);
}

/**
 * `deed`: invitation, invitation/end, suspend, resume, lose, retire, rotate. `since` (RFC 3339): from when it is lost.
 */
export function changeKiosk(id, deed, reason, since) {
  return api.post(`staff/kiosks/${id}/${deed}`, since ? { reason, since } : { reason });
}

/** A fresh short code: {code, text: of the QR code, server, office_key_sha256, expires_at}; the one before is over. */
export function showInvitation(id) {
  return api.post(`staff/kiosks/${id}/invitation/code`);
}

/** What may be done with a kiosk in its state: [{deed, operation, icon, kind}]. */
export function deedsFor({ kiosk, invitable_until: invitable }) {
  const { state, version_waits: waits, rotation_waits: rotates } = kiosk;
  const works = state === 'active';
  const stopped = state === 'suspended' || state === 'lost';
  return [
    state === 'suspended' && !waits && { deed: 'resume', operation: 'staff_resume_kiosk', icon: 'power', kind: 'main' },
    state !== 'retired' && !waits && !invitable && { deed: 'invitation', operation: 'staff_invite_kiosk', icon: 'mail', kind: 'line' },
    works && !rotates && { deed: 'rotate', operation: 'staff_rotate_kiosk', icon: 'key', kind: 'line' },
    works && { deed: 'suspend', operation: 'staff_suspend_kiosk', icon: 'ban', kind: 'danger' },
    (works || state === 'suspended') && { deed: 'lose', operation: 'staff_lose_kiosk', icon: 'alert-triangle', kind: 'danger' },
    (works || stopped || state === 'invited') && { deed: 'retire', operation: 'staff_retire_kiosk', icon: 'power', kind: 'danger' },
  ].filter(Boolean);
}
