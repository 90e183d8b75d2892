/** One job: when it is done, what went wrong in words, and every run that is still known. */
import { html, useEffect, useState } from '../../shared/js/view.js';
import { Button, Empty, Failed, Icon, Loading } from '../../shared/js/components.js';
import { count, dayTime } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { readRuns, secondsOf, standingOf } from '../models/jobs.js';
import { Drawer, Facts } from './drawer.js';
import { jobName, StandingBadge, troubleOf, unitsOf, whenOf } from './job_words.js';

function JobTrouble({ run }) {
  const { first = [], count: all = 0 } = run.detail;
  return html`<section class="job-trouble stack-tight" role="note">
    <h3 class="with-icon"><${Icon} name="alert-triangle" small />${troubleOf(run)}</h3>
    ${run.detail.why === 'differences' && html`<p>${t('job.differences.what')}</p>`}
    ${first.length > 0 && html`<ul class="job-differences">${first.map((sentence) => html`<li key=${sentence}><code>${sentence}</code></li>`)}</ul>`}
    ${all > first.length && html`<p class="small">${t('job.differences.more', { count: count(all - first.length) })}</p>`}
  </section>`;
}

function Run({ run }) {
  const seconds = secondsOf(run);
  const said = [run.state === 'failed' ? troubleOf(run) : unitsOf(run), seconds !== null && seconds > 1 && t('job.seconds', { count: count(seconds) })];
  return html`<li class="job-run"><time datetime=${run.started_at}>${dayTime(run.started_at)}</time>
    <span>${said.filter(Boolean).join(' · ')}</span><${StandingBadge} standing=${run.state} /></li>`;
}

function useRuns(job) {
  const [shown, setShown] = useState({ state: 'loading', runs: [], next: null, error: null });
  const read = async (cursor) => {
    try {
      const page = await readRuns(job, cursor);
      setShown((before) => ({ state: 'ready', runs: cursor ? [...before.runs, ...page.data] : page.data, next: page.next, error: null }));
    } catch (error) {
      setShown((before) => ({ ...before, state: before.runs.length > 0 ? 'ready' : 'failed', error }));
    }
  };
  useEffect(() => { read(); }, [job]);
  return { ...shown, again: () => read(), more: () => read(shown.next) };
}

function History({ job }) {
  const { state, runs, next, error, again, more } = useRuns(job);
  return html`<section class="stack-tight"><h3 class="drawer-title">${t('jobs.history')}</h3>
    ${state === 'loading' && html`<${Loading} />`}
    ${state === 'failed' && html`<${Failed} error=${error} onRetry=${again} />`}
    ${state === 'ready' && runs.length === 0 && html`<${Empty} icon="clock" title=${t('job.state.waiting')} />`}
    ${runs.length > 0 && html`<ol class="job-runs">${runs.map((run) => html`<${Run} key=${run.id} run=${run} />`)}</ol>`}
    ${next && html`<${Button} kind="line" icon="chevron-down" onClick=${more}>${t('action.more')}<//>`}
  </section>`;
}

export function JobDrawer({ job, roundSeconds, onClose }) {
  const name = jobName(job.job);
  return html`<${Drawer} title=${name} onClose=${onClose}>
    <header class="drawer-head"><span class="cell-lead"><${Icon} name="clock" /></span>
      <div><p class="small quiet">${job.job}</p><h2>${name}</h2></div></header>
    <p><${StandingBadge} standing=${standingOf(job)} /></p>
    ${job.last?.detail && html`<${JobTrouble} run=${job.last} />`}
    <${Facts} facts=${[
      [t('job.when'), whenOf(job, roundSeconds)], [t('job.last'), job.last ? dayTime(job.last.started_at) : t('kiosk.never')], [t('job.next'), dayTime(job.next_at)],
    ]} />
    <${History} key=${job.last?.id} job=${job.job} />
  <//>`;
}
