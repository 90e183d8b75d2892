/** The jobs: what the island does by itself on a clock, what each did last, and what went wrong. */
import { html, useEvery, useLoaded } from '../../shared/js/view.js';
import { Card, Cell, Failed, Icon, List, Loading } from '../../shared/js/components.js';
import { dayTime } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { go, to } from '../../shared/js/router.js';
import { readJobs, standingOf } from '../models/jobs.js';
import { ago } from './health.js';
import { JobDrawer } from './job_drawer.js';
import { jobName, StandingBadge, troubleOf, unitsOf, whenOf } from './job_words.js';
import { ConsolePage } from './rail.js';

const READ_EVERY_MILLISECONDS = 30_000;
const TONES = { failed: 'red', late: 'amber', waiting: 'grey', running: 'sea', well: 'pine' };

/** Is anybody there to do the jobs? */
function Runner({ runner, now }) {
  const alive = runner?.alive;
  const said = alive ? t('jobs.runner.alive') : t(runner ? 'jobs.runner.gone' : 'jobs.runner.never', { ago: runner ? ago(runner.until, now) : '' });
  return html`<${Card} class=${`job-runner ${alive ? '' : 'amber'}`}>
    <p class="with-icon" role="status"><${Icon} name=${alive ? 'circle-check' : 'alert-triangle'} small /><span>${said}</span></p>
    ${alive && html`<p class="small quiet">${runner.holder}</p>`}
  <//>`;
}

function lastOf(job, now) {
  if (!job.last) return t('job.state.waiting');
  const said = troubleOf(job.last) || (job.last.state === 'done' ? unitsOf(job.last) : '');
  return [t('job.last_at', { ago: ago(job.last.started_at, now) }), said].filter(Boolean).join(' · ');
}

function JobCell({ job, roundSeconds, now }) {
  const standing = standingOf(job);
  const name = jobName(job.job);
  return html`<${Cell} icon="clock" tone=${TONES[standing]} title=${name} note=${`${whenOf(job, roundSeconds)} · ${lastOf(job, now)}`} href=${to('jobs', job.job)}
    value=${html`<span class="job-value"><${StandingBadge} standing=${standing} /><small>${t('job.next_at', { time: dayTime(job.next_at) })}</small></span>`} />`;
}

function JobsList({ value, part }) {
  const now = Date.parse(value.now);
  const opened = value.jobs.find((job) => job.job === part);
  return html`<div class="stack">
    <${Runner} runner=${value.runner} now=${now} />
    <${List}>${value.jobs.map((job) => html`<${JobCell} key=${job.job} job=${job} roundSeconds=${value.round_seconds} now=${now} />`)}<//>
    ${opened && html`<${JobDrawer} key=${opened.job} job=${opened} roundSeconds=${value.round_seconds} onClose=${() => go('jobs')} />`}
  </div>`;
}

export function Jobs({ part }) {
  const { state, value, error, again } = useLoaded(readJobs);
  useEvery(READ_EVERY_MILLISECONDS, again);
  return html`<${ConsolePage} title=${t('jobs.title')} note=${t('jobs.note')}>
    ${state === 'loading' && html`<${Loading} />`}
    ${state === 'failed' && html`<${Failed} error=${error} onRetry=${again} />`}
    ${value && html`<${JobsList} value=${value} part=${part} />`}
  <//>`;
}
