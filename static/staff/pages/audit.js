/** The audit trail: every act of the staff and of the system, newest first. */
import { html, useEffect, useRef, useState } from '../../shared/js/view.js';
import { Button, Empty, Failed, Loading } from '../../shared/js/components.js';
import { dayTime } from '../../shared/js/format.js';
import { hasWords, keysBelow, t } from '../../shared/js/i18n.js';
import { Trouble, useAct } from '../../shared/js/acting.js';
import { auditRows, readAudit, thingOf } from '../models/audit.js';
import { csvText } from '../models/csv.js';
import { download } from './download.js';
import { ConsolePage } from './rail.js';
import { roleName } from './roles.js';
import { Search } from './table.js';

const PAUSE_MILLISECONDS = 300;   // one search for a word, not one for each letter

function actName(act) {
  return hasWords(`act.${act}`) ? t(`act.${act}`) : act;
}

/** The acts that have a name, in its order; a name of an act has several words. */
function actsByName() {
  const acts = keysBelow('act.').filter((act) => act.includes('_'));
  return acts.sort((one, other) => actName(one).localeCompare(actName(other)));
}

function ActFilter({ value, onInput }) {
  return html`<label class="filter"><span class="visually-hidden">${t('audit.act')}</span>
    <select value=${value} onChange=${(event) => onInput(event.target.value)}>
      <option value="">${t('audit.all_acts')}</option>
      ${actsByName().map((act) => html`<option key=${act} value=${act}>${actName(act)}</option>`)}
    </select></label>`;
}

function Export({ words, act }) {
  const { busy, trouble, run } = useAct();
  const take = () => run(async () => download('audit.csv', csvText(await auditRows(words, act, actName)), 'text/csv;charset=utf-8'));
  return html`<${Button} icon="download" busy=${busy} onClick=${take}>${t('table.export')}<//><${Trouble} text=${trouble} />`;
}

/** A word of ours where there is one, else the value as it was written. */
function valueOf(value) {
  if (typeof value === 'boolean') return t(value ? 'detail.yes' : 'detail.no');
  return hasWords(`detail.by.${value}`) ? t(`detail.by.${value}`) : roleName(value);
}

/** The detail in one line: "roles: Operator, Auditor". */
function detailOf(line) {
  const named = (name) => (hasWords(`detail.${name}`) ? t(`detail.${name}`) : name);
  return Object.entries(line.detail).filter(([, value]) => value !== '').map(([name, value]) => `${named(name)}: ${[value].flat().map(valueOf).join(t('list.comma'))}`).join(' · ');
}

function Line({ line }) {
  const detail = detailOf(line);
  const thing = thingOf(line);
  return html`<li class="audit-line">
    <time class="quiet" datetime=${line.at}>${dayTime(line.at)}</time>
    <p><b>${line.actor_name ?? line.actor}</b> <span class="audit-act">${actName(line.act)}</span> ${thing}</p>
    ${detail && html`<p class="small quiet audit-detail">${detail}</p>`}
  </li>`;
}

function useAudit(words, act) {
  const [shown, setShown] = useState({ state: 'loading', lines: [], next: null, error: null });
  const turn = useRef(0);
  const read = async (cursor) => {
    const mine = (turn.current += 1);
    try {
      const page = await readAudit(words, act, cursor);
      if (mine === turn.current) setShown((before) => ({ state: 'ready', lines: cursor ? [...before.lines, ...page.data] : page.data, next: page.next, error: null }));
    } catch (error) {
      if (mine === turn.current) setShown((before) => ({ ...before, state: before.lines.length > 0 ? 'ready' : 'failed', error }));
    }
  };
  useEffect(() => {
    const timer = setTimeout(read, words ? PAUSE_MILLISECONDS : 0);
    return () => clearTimeout(timer);
  }, [words, act]);
  return { ...shown, again: () => read(), more: () => read(shown.next) };
}

export function Audit() {
  const [words, setWords] = useState('');
  const [act, setAct] = useState('');
  const { state, lines, next, error, again, more } = useAudit(words, act);
  return html`<${ConsolePage} title=${t('audit.title')} note=${t('audit.note')}>
    <div class="tools audit-tools"><${Search} value=${words} onInput=${setWords} label=${t('audit.search')} /><${ActFilter} value=${act} onInput=${setAct} /><${Export} words=${words} act=${act} /></div>
    ${state === 'loading' && html`<${Loading} />`}
    ${state === 'failed' && html`<${Failed} error=${error} onRetry=${again} />`}
    ${state === 'ready' && lines.length === 0 && html`<div class="card"><${Empty} icon="search" title=${t('table.nothing_found')}>${t('table.other_words')}<//></div>`}
    ${lines.length > 0 && html`<ol class="audit" aria-label=${t('audit.title')}>${lines.map((line) => html`<${Line} key=${line.id} line=${line} />`)}</ol>`}
    ${next && html`<p class="audit-more"><${Button} kind="line" icon="chevron-down" onClick=${more}>${t('action.more')}<//></p>`}
  <//>`;
}
