/**
 * Giving a voucher back. Its Idempotency-Key stays on this phone until the server has answered: after a lost
 * answer the same question is asked again, so that nothing is given back twice and nobody is left in doubt.
 */
import { createStore } from '../../shared/js/view.js';
import { freshId, keepTrying, worthAnotherTry } from '../../shared/js/api.js';
import { keep, keptValue } from '../../shared/js/kept.js';
import { api, refreshMember } from './session.js';
import { keepVoucher } from './vouchers.js';

const KEPT_AS = 'mine.refunds';
const AGAIN_MILLISECONDS = 4_000;

/** What this phone keeps, {voucher's id: Idempotency-Key}: read each time, for a sign-out forgets it. */
function open() {
  return keptValue(KEPT_AS, {});
}

/** Ids of the vouchers whose answer is missing. */
export const unanswered = createStore(Object.keys(open()));
const underWay = new Set();

function keyOf(id) {
  const key = open()[id] ?? freshId();
  keep(KEPT_AS, { ...open(), [id]: key });
  return key;
}

function settle(id) {
  const { [id]: _answered, ...others } = open();
  keep(KEPT_AS, others);
  unanswered.set(Object.keys(others));
}

/**
 * Give one voucher back; answers the voucher as it is then. Throws Refused when the server said no; after any
 * other trouble (`worthAnotherTry`) it is `unanswered` and asked again.
 */
export async function giveBack(id) {
  const key = keyOf(id);
  underWay.add(id);
  try {
    const voucher = keepVoucher(await api.post(`member/vouchers/${encodeURIComponent(id)}/cancel`, {}, { key }));
    settle(id);
    await refreshMember().catch(() => {});   // without it the balance is read again by the next page at the latest
    return voucher;
  } catch (error) {
    if (worthAnotherTry(error)) unanswered.set(Object.keys(open()));
    else settle(id);
    throw error;
  } finally {
    underWay.delete(id);
  }
}

/** Ask again for all that were not answered; a refusal ends the asking, the voucher's own page shows why. */
export async function askRefunds() {
  for (const id of Object.keys(open()).filter((each) => !underWay.has(each))) await giveBack(id).catch(() => {});
}

/** Ask until all are answered; somebody may be looking at the page. Answers what ends it. */
export function keepAskingRefunds() {
  return keepTrying(askRefunds, () => Object.keys(open()).length > 0, [AGAIN_MILLISECONDS]);
}
