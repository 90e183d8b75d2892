/** Acts confirmed at this till: choose, read the guest's code, and below what was confirmed today. */
import { html, useEffect, useEvery, useState, useStore } from '../../shared/js/view.js';
import { Badge, Button, Cell, Empty, Failed, List, Loading, Page, toast } from '../../shared/js/components.js';
import { clock, signedPoints, time } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { back } from '../../shared/js/router.js';
import { confirmed, confirming, refreshConfirmed, secondsToTakeBack, takeBack } from '../models/acts.js';
import { refreshTill, scenes } from '../models/till.js';
import { ActChoice } from './act_choice.js';
import { lineWords } from './act_outcome.js';
import { ActReading } from './act_reading.js';

function TakeBackButton({ reading }) {
  const [left, setLeft] = useState(() => secondsToTakeBack(reading));
  const [busy, setBusy] = useState(false);
  useEvery(1_000, () => setLeft(secondsToTakeBack(reading)));
  if (!left || reading.undone_at) return null;
  const undo = async () => {
    setBusy(true);
    await takeBack(reading).then(() => toast(t('acts.taken_back'), 'arrow-back-up'), (error) => toast(error.detail || t('failed.offline.title'), 'alert-triangle'));
    setBusy(false);
  };
  return html`<span><${Button} kind="line" icon="arrow-back-up" class="undo" busy=${busy} onClick=${undo}>${t('undo.row', { left: clock(left) })}<//></span>`;
}

function Reading({ reading }) {
  const sum = reading.results.reduce((total, { points }) => total + points, 0);
  // What was taken back says so once, below.
  const words = reading.results.map((line) => [line.name ?? line.scene, !reading.undone_at && lineWords(line)].filter(Boolean).join(' ')).join(t('list.separator'));
  return html`<${Cell} icon="user-check" tone=${sum ? 'pine' : 'grey'} title=${words} note=${[time(reading.created_at), reading.nickname, reading.person].join(' · ')}
    value=${reading.undone_at ? '–' : html`<b class="points figures">${signedPoints(sum)}</b>`}>
    ${reading.undone_at ? html`<span><${Badge} icon="arrow-back-up">${t('acts.taken_back')}<//></span>` : html`<${TakeBackButton} reading=${reading} />`}<//>`;
}

function Today() {
  const { data, error } = useStore(confirmed);
  if (error && !data.length) return html`<${Failed} error=${error} onRetry=${refreshConfirmed} />`;
  if (!data.length) return html`<p class="quiet small">${t('acts.none_today')}</p>`;
  return html`<${List} label=${t('acts.today', { count: data.length })}>${data.map((each) => html`<${Reading} key=${each.id} reading=${each} />`)}<//>`;
}

export function Acts() {
  const offered = useStore(scenes);
  const { stage } = useStore(confirming);
  const [error, setError] = useState(null);
  const read = () => { setError(null); refreshTill().catch(setError); };
  useEffect(() => { read(); refreshConfirmed(); }, []);
  return html`<${Page} title=${t('acts.title')} onBack=${() => back('')}>
    ${!offered && (error ? html`<${Failed} error=${error} onRetry=${read} />` : html`<${Loading} />`)}
    ${offered?.length === 0 && html`<${Empty} icon="leaf" title=${t('acts.none')}>${t('acts.none.text')}<//>`}
    ${offered?.length > 0 && html`<div class="stack">${stage === 'choosing' ? html`<${ActChoice} />` : html`<${ActReading} />`}<${Today} /></div>`}
  <//>`;
}
