/** The jobs that the island does by itself: what each did last, and when it comes next. */
import { api, readOrLast } from './session.js';

const PAGE = 20;

/** {now, round_seconds, jobs: [{job, at, last, next_at, late}], runner: {holder, until, alive} or null}. */
export function readJobs() {
  return readOrLast('staff/jobs');
}

/** One page of runs, newest first: {data: [{id, state, started_at, ended_at, units, detail}], next}. */
export function readRuns(job, cursor) {
  const query = new URLSearchParams({ job, limit: String(PAGE) });
  if (cursor) query.set('cursor', cursor);
  return api.get(`staff/jobs/runs?${query}`);
}

/** How a job stands: running, failed, late, waiting (never done yet), well. */
export function standingOf({ last, late }) {
  if (last?.state === 'running') return 'running';
  if (last?.state === 'failed') return 'failed';
  if (late) return 'late';
  return last ? 'well' : 'waiting';
}

/** How long a run took, in whole seconds; null while it goes on. */
export function secondsOf({ started_at: started, ended_at: ended }) {
  return ended ? Math.max(0, Math.round((Date.parse(ended) - Date.parse(started)) / 1000)) : null;
}
