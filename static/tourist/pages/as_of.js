/** Since when a balance is what it says, where the server has not confirmed it in this visit: never a stale one as fresh. */
import { useStore } from '../../shared/js/view.js';
import { dayTime, isoDay, time } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { memberAge, signal } from '../models/session.js';
import { serverNow } from '../models/server_time.js';

/** A moment of the server's clock (ms): the time if it was today, else with its day. */
export function moment(at) {
  return isoDay(at) === isoDay(serverNow()) ? time(at) : dayTime(at);
}

/** The words "as of 10:42", or null while the balance is fresh. */
export function useAsOf() {
  const { at, fresh } = useStore(memberAge);
  const { offline } = useStore(signal);
  if (fresh && !offline) return null;
  return at === null ? t('as_of.unknown') : t('as_of', { when: moment(at) });
}

/** What the foot of a page says without signal: how old what it shows is. */
export function useOfflineWords() {
  const { asOf } = useStore(signal);
  return asOf === null ? t('offline.plain') : t('offline.as_of', { when: moment(asOf) });
}
