/** A journal on a USB stick: choose the file, see whose it is, hand it in, read what became of it. */
import { html, useState } from '../../shared/js/view.js';
import { Button, Card, Icon } from '../../shared/js/components.js';
import { count, dayTime } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { to } from '../../shared/js/router.js';
import { Trouble } from '../../shared/js/acting.js';
import { FileTrouble, handIn, nothingYet, readJournalFile } from '../models/journal_file.js';
import { refreshPending } from '../models/reviews.js';
import { refreshUnseen } from '../models/notices.js';
import { Facts } from './drawer.js';
import { useNames } from './journal.js';
import { refusedWhy } from './journal_words.js';
import { ConsolePage } from './rail.js';

const NOTHING = { step: 'choose', journal: null, sum: null, trouble: '' };
const SHOWN = [
  ['credited', 'pine', 'circle-check'], ['noted', 'grey', 'check'], ['pending', 'amber', 'hourglass'], ['duplicate', 'grey', 'copy'], ['refused', 'red', 'ban'], ['unread', 'red', 'help'],
];
const TOLD_MOST = 20;

function troubleOf(error) {
  if (error instanceof FileTrouble) return t(`import.${error.why}`);
  return error.detail || t('import.offline');
}

/** The file and how far it has come: {step: choose | reading | found | running | broken | done, journal, sum, trouble}. */
function useImport() {
  const [state, setState] = useState(NOTHING);
  const choose = async (file) => {
    setState({ ...NOTHING, step: 'reading' });
    try {
      const journal = await readJournalFile(file);
      setState({ ...NOTHING, step: 'found', journal, sum: nothingYet() });
    } catch (error) {
      setState({ ...NOTHING, trouble: troubleOf(error) });
    }
  };
  const run = async () => {
    const { journal } = state;
    const onPart = (sum) => setState((before) => ({ ...before, sum }));
    setState((before) => ({ ...before, step: 'running', trouble: '' }));
    try {
      const sum = await handIn(journal, state.sum, onPart);
      setState({ step: 'done', journal, sum, trouble: '' });
      refreshPending();
      refreshUnseen();
    } catch (error) {
      setState((before) => ({ ...before, step: before.sum.parts > 0 || error.code === 'unreachable' ? 'broken' : 'choose', trouble: troubleOf(error) }));
    }
  };
  return { ...state, choose, run, restart: () => setState(NOTHING) };
}

function Choose({ busy, trouble, onFile }) {
  const [over, setOver] = useState(false);
  const take = (files) => { if (files.length > 0) onFile(files[0]); };
  const drop = (event) => { event.preventDefault(); setOver(false); take(event.dataTransfer.files); };
  return html`<div class=${`import-drop ${over ? 'import-over' : ''}`} onDragOver=${(event) => { event.preventDefault(); setOver(true); }} onDragLeave=${() => setOver(false)} onDrop=${drop}>
    <${Icon} name="cloud-upload" />
    <label class="button button-main import-file"><${Icon} name="file-text" small /><span>${t('import.choose')}</span>
      <input type="file" class="visually-hidden" disabled=${busy} onChange=${(event) => { take(event.target.files); event.target.value = ''; }} /></label>
    <p class="small quiet">${t('import.drop')}</p>
    ${busy && html`<p role="status">${t('import.reading')}</p>`}
    <${Trouble} text=${trouble} /></div>`;
}

function Found({ journal, placeOf }) {
  const place = placeOf(journal.kiosk);
  return html`<h2>${place || t('import.unknown_kiosk', { number: journal.kiosk })}</h2>
    <${Facts} facts=${[
      [t('column.kiosk'), html`<a href=${to('kiosks', journal.kiosk)}>${journal.kiosk}</a>`],
      [t('import.written'), dayTime(journal.exportedAt)],
      [t('import.items'), count(journal.items)],
    ]} />
    ${!journal.complete && html`<p class="honest"><${Icon} name="alert-triangle" small /><span>${t('import.incomplete')}</span></p>`}`;
}

function Progress({ journal, sum }) {
  return html`<div class="stack-tight" role="status"><progress max=${Math.max(1, journal.items)} value=${sum.items}></progress>
    <p class="figures">${t('import.progress', { done: count(sum.items), all: count(journal.items) })}</p></div>`;
}

function Told({ told }) {
  if (told.length === 0) return null;
  return html`<details class="import-told"><summary>${t('import.told', { count: count(told.length) })}</summary>
    <ul>${told.slice(0, TOLD_MOST).map((item) => html`<li key=${`${item.boot}${item.seq}${item.result}`}><span class="figures">${t('import.number', { seq: count(item.seq) })}</span>
      <span class="boot quiet">${item.boot}</span> ${refusedWhy(item.result)}</li>`)}</ul></details>`;
}

function Result({ journal, sum }) {
  const rows = SHOWN.filter(([name]) => sum[name] > 0 || name === 'credited');
  return html`<section class="stack-tight" role="status"><h3 class="with-icon"><${Icon} name="circle-check" small /><span>${t('import.done', { count: count(sum.items) })}</span></h3>
    <ul class="import-counts">${rows.map(([name, tone, icon]) => html`<li key=${name}><span class=${`cell-lead tone-${tone}`}><${Icon} name=${icon} small /></span>
      <b class="figures">${count(sum[name])}</b><span>${t(`import.count.${name}`, { count: sum[name] })}</span></li>`)}</ul>
    <${Told} told=${sum.told} />
    <p class="small quiet">${t('import.after')}</p>
    <div class="row"><${Button} kind="line" icon="file-text" href=${`${to('journal')}?kiosk=${journal.kiosk}`}>${t('import.see_journal')}<//>
      ${sum.pending > 0 && html`<${Button} kind="line" icon="hourglass" href=${`${to('reviews')}?kiosk=${journal.kiosk}`}>${t('import.see_reviews')}<//>`}</div></section>`;
}

export function JournalImport() {
  const { placeOf } = useNames();
  const { step, journal, sum, trouble, choose, run, restart } = useImport();
  return html`<${ConsolePage} title=${t('import.title')} note=${t('import.note')} back=${{ href: to('journal'), word: t('journal.title') }}>
    ${!journal || step === 'choose' ? html`<${Card}><${Choose} busy=${step === 'reading'} trouble=${trouble} onFile=${choose} /><//>` : html`
      <${Card} class="stack import-card"><${Found} journal=${journal} placeOf=${placeOf} />
        ${step !== 'found' && step !== 'done' && html`<${Progress} journal=${journal} sum=${sum} />`}
        ${step === 'broken' && html`<${Trouble} text=${trouble} /><p class="small quiet">${t('import.go_on.note')}</p>`}
        ${step === 'done' && html`<${Result} journal=${journal} sum=${sum} />`}
        ${step !== 'running' && html`<div class="row">
          ${step === 'found' && html`<${Button} kind="main" icon="cloud-upload" onClick=${run}>${t('import.hand_in', { count: count(journal.items) })}<//>`}
          ${step === 'broken' && html`<${Button} kind="main" icon="refresh" onClick=${run}>${t('import.go_on')}<//>`}
          <${Button} kind="plain" onClick=${restart}>${t('import.other_file')}<//></div>`}<//>`}
  <//>`;
}
