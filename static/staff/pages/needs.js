/** What needs a person, the most urgent kind first; each line leads to where it can be looked at. */
import { html } from '../../shared/js/view.js';
import { Cell, Empty, List } from '../../shared/js/components.js';
import { hasWords, t } from '../../shared/js/i18n.js';
import { to } from '../../shared/js/router.js';
import { may } from '../models/session.js';
import { needKey } from '../models/today.js';
import { ago } from './health.js';
import { jobName } from './job_words.js';

const LOOKS = {
  kiosk_suspended: ['ban', 'red'], kiosk_lost: ['alert-triangle', 'red'], kiosk_silent: ['wifi-off', 'amber'],
  paper_out: ['printer-off', 'amber'], queue_long: ['cloud-upload', 'amber'], acts_pending: ['hourglass', 'amber'],
  decisions: ['clipboard-check', 'amber'],
  books_differ: ['scale', 'red'], job_failed: ['alert-triangle', 'red'], jobs_stopped: ['clock', 'red'],
};

const JOBS = ['books_differ', 'job_failed', 'jobs_stopped'];

/** Where a line leads when that is not its kiosk. */
const LEADS = {
  acts_pending: ({ id }) => (may('staff_list_reviews') ? { href: `${to('reviews')}?${new URLSearchParams({ reason: id })}` } : {}),
  decisions: () => ({ href: to('decide') }),
};

function reasonOf(need) {
  if (JOBS.includes(need.kind)) return need.name && jobName(need.name);
  if (need.kind !== 'acts_pending') return need.name;
  return hasWords(`reason.${need.id}`) ? t(`reason.${need.id}`) : need.name;
}

function Need({ need, now }) {
  const [icon, tone] = LOOKS[need.kind] ?? ['info-circle', 'grey'];
  const title = hasWords(`need.${need.kind}`) ? t(`need.${need.kind}`, { count: need.count }) : need.kind;
  const since = need.since ? t('need.since', { ago: ago(need.since, now) }) : '';
  const leads = LEADS[need.kind]?.(need) ?? { href: JOBS.includes(need.kind) ? to('jobs', need.id) : to('kiosks', need.id) };
  return html`<${Cell} icon=${icon} tone=${tone} title=${title} note=${[reasonOf(need), since].filter(Boolean).join(' · ')} ...${leads} />`;
}

export function Needs({ needs, now }) {
  return html`
    <section class="needs" aria-labelledby="needs-title">
      <h2 id="needs-title">${t('needs.title')}${needs.length > 0 && html` <span class="needs-count">${needs.length}</span>`}</h2>
      ${needs.length === 0
        ? html`<div class="card"><${Empty} icon="circle-check" title=${t('needs.empty')}>${t('needs.empty.text')}<//></div>`
        : html`<div class="needs-list"><${List}>${needs.map((need) => html`<${Need} key=${needKey(need)} need=${need} now=${now} />`)}<//></div>`}
    </section>`;
}
