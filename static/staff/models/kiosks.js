/** The fleet: what each kiosk last said, and what that means. */
import { readOrLast } from './session.js';

const SILENT_SECONDS = 10 * 60;   // a heartbeat comes every minute
/** Queue of a kiosk that is in touch but does not empty it. */
export const QUEUE_LONG = 100;

export async function readKiosks() {
  return (await readOrLast('staff/kiosks')).data;
}

/** The health of a kiosk: lost, suspended, silent, paper_out, waiting (never heard), invited, retired, well. */
export function healthOf(kiosk, now) {
  if (kiosk.state !== 'active') return kiosk.state;
  if (!kiosk.last_heartbeat_at) return 'waiting';
  if ((now - Date.parse(kiosk.last_heartbeat_at)) / 1000 > SILENT_SECONDS) return 'silent';
  return kiosk.paper === 'paper_out' ? 'paper_out' : 'well';
}

/** The software of a kiosk in one line: "kiosk 1.0.0, scenes 1". */
export function softwareOf(kiosk) {
  if (!kiosk.software) return '';
  if (typeof kiosk.software === 'string') return kiosk.software;
  return Object.entries(kiosk.software).map(([part, version]) => `${part} ${version}`).join(', ');
}
