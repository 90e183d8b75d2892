/** Days and hours of the island, written out: a start is read by people who plan by it. */
import { dayTime } from '../../shared/js/format.js';
import { language, t } from '../../shared/js/i18n.js';

const ZONE = 'Asia/Shanghai';

function written(moment, options) {
  return new Intl.DateTimeFormat(language() === 'zh' ? 'zh-CN' : 'en-GB', { timeZone: ZONE, ...options }).format(new Date(moment));
}

/** "Monday 30 November 2026 at 00:00"; null is a start that waits for the decision. */
export function fullMoment(moment) {
  if (moment === null) return t('moment.when_approved');
  const day = written(moment, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
  return t('moment.full', { day, time: written(moment, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }) });
}

/** "Mon 30 Nov 00:00"; the first rules have no beginning that means anything: "the beginning". */
export function shortMoment(moment) {
  if (moment === null) return t('moment.when_approved');
  if (!moment || Date.parse(moment) <= 0) return t('moment.beginning');
  return `${written(moment, { weekday: 'short' })} ${dayTime(moment)}`;
}

/** The last day of a season or its first: "04-01" is "1 April". */
export function monthDay(text) {
  return written(`2024-${text}T12:00:00+08:00`, { day: 'numeric', month: 'long' });
}
