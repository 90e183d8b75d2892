/**
 * The passes that this phone keeps for three days, and the member code that they show in each minute: without signal
 * too, and by the server's clock.
 */
import { keepTrying } from '../../shared/js/api.js';
import { forget, keep, keptValue } from '../../shared/js/kept.js';
import { binaryBytes } from '../../shared/js/codes/binary_text.js';
import { memberCodeText, openPass } from '../../shared/js/codes/member_pass.js';
import { PASS_BYTES, SLOT_SECONDS, passFacts } from '../../shared/js/codes/pass_facts.js';
import { learnTime, serverNow } from './server_time.js';
import { api, session } from './session.js';

export { serverNow };

const NAME = 'mine.passes';
const FRESH_MILLISECONDS = 6 * 3_600_000;

/** {passes: [{pass, last_value}], fetched_at: the server's time} or null. */
export function keptPasses() {
  return keptValue(NAME);
}

/** Ask for the passes and keep them. The server says whole seconds: half a second more is the middle of them. */
export async function fetchPasses() {
  const { token } = session.get();
  const sent = Date.now();
  const { server_time: serverTime, passes } = await api.get('member/pass');
  learnTime(Date.parse(serverTime) + 500, sent);
  if (session.get().token === token) keep(NAME, { passes, fetched_at: serverTime });
  return keptPasses();
}

/** The passes as the server has them; those kept on this phone when it doesn't answer. */
export async function loadPasses() {
  try {
    return await fetchPasses();
  } catch (error) {
    if (error.status !== 401 && keptPasses()) return keptPasses();
    throw error;
  }
}

/** Whether this phone could have passes and has none of the last hours. */
function wantsPasses() {
  const kept = keptPasses();
  const fresh = kept && Math.abs(serverNow() - Date.parse(kept.fetched_at)) < FRESH_MILLISECONDS && running(kept);
  return Boolean(session.get().token) && navigator.onLine && !fresh;
}

/** Have passes on this phone before the boat leaves; answers what ends it. */
export function keepPasses() {
  return keepTrying(async () => wantsPasses() && fetchPasses(), wantsPasses);
}

/** The text of this minute's code, null when none of the kept passes runs now. */
export function codeNow() {
  const kept = keptPasses();
  const opened = kept && running(kept);
  return opened ? memberCodeText([opened], serverNow() / 1000) : null;
}

/** When the last kept pass ends, in milliseconds of the server's clock; null without passes. */
export function lastsUntil() {
  const ends = (keptPasses()?.passes ?? []).map((each) => endOf(factsOf(each)));
  return ends.length ? Math.max(...ends) * 1000 : null;
}

/** Opening a pass is some thousand hashes: once each. */
const opened = new Map();

function running({ passes }) {
  const seconds = serverNow() / 1000;
  try {
    const found = passes.find((each) => {
      const facts = factsOf(each);
      return facts.notBefore <= seconds && seconds < endOf(facts);
    });
    if (found && !opened.has(found.pass)) opened.set(found.pass, openPass(found));
    return found ? opened.get(found.pass) : null;
  } catch {
    forget(NAME);   // damaged: to be fetched again
    return null;
  }
}

function factsOf({ pass }) {
  const bytes = binaryBytes(pass);
  if (bytes.length !== PASS_BYTES) throw new RangeError('not a pass');
  return passFacts(bytes);
}

function endOf({ notBefore, slots }) {
  return notBefore + SLOT_SECONDS * slots;
}
