/** Jobs and their runs in words: what a job is called, when it is done, how it stands, what went wrong. */
import { html } from '../../shared/js/view.js';
import { Badge } from '../../shared/js/components.js';
import { count } from '../../shared/js/format.js';
import { hasWords, t } from '../../shared/js/i18n.js';

const LOOKS = {
  well: ['pine', 'circle-check'], done: ['pine', 'circle-check'], running: ['sea', 'refresh'], failed: ['red', 'alert-triangle'],
  late: ['amber', 'clock'], waiting: ['grey', 'hourglass'],
};

export function jobName(job) {
  return hasWords(`job.${job}`) ? t(`job.${job}`) : job;
}

/** "every minute", "each day at 03:30". */
export function whenOf({ at }, roundSeconds) {
  if (at) return t('job.daily', { time: at });
  return t('job.every', { count: count(Math.round(roundSeconds / 60)) });
}

export function StandingBadge({ standing }) {
  const [tone, icon] = LOOKS[standing] ?? ['grey', 'help'];
  return html`<${Badge} tone=${tone} icon=${icon}>${t(`job.state.${standing}`)}<//>`;
}

/** What a run did: "12 rows compared". */
export function unitsOf({ job, units }) {
  const key = `job.units.${job}`;
  return t(hasWords(key) ? key : 'job.units', { count: count(units) });
}

/** Why a run failed, in one sentence; empty when it did not. */
export function troubleOf({ detail }) {
  if (!detail) return '';
  const key = hasWords(`job.why.${detail.why}`) ? `job.why.${detail.why}` : 'job.why.error';
  return t(key, { count: count(detail.count ?? 0), error: detail.error ?? detail.why });
}
