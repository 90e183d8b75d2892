/**
 * The kiosk's screen: one page at a time, back to the attract screen when nobody is there.
 */
import { html, render, useStore } from '../shared/js/view.js';
import { startWords, words } from '../shared/js/i18n.js';
import { askMachine, isOpen, machine, watchMachine } from './models/machine.js';
import { COUNTED_DOWN_SECONDS, countStillness, isWaiting, patienceOf, stillness, touched } from './models/stillness.js';
import { begin, leave, stepBack, visit } from './models/visit.js';
import { codeShown, touchScene } from './models/reading.js';
import { isOfScanner, startReading } from './models/reader.js';
import { forgetGuest, prepareForGuest } from './models/guest.js';
import { Attract } from './pages/attract.js';
import { Choose } from './pages/choose.js';
import { CodePage } from './pages/code.js';
import { Footer, Header, Notices, StillThere } from './pages/frame.js';
import { Scenes } from './pages/scenes.js';
import { TicketPage } from './pages/ticket.js';
import { Connecting } from './pages/connecting.js';
import { Kept } from './pages/kept.js';
import { QuizPage } from './pages/quiz.js';
import { Show } from './pages/show.js';
import { StaffPanel } from './pages/staff.js';
import { Weigh } from './pages/weigh.js';

const PAGES = {
  attract: Attract, scenes: Scenes, choose: Choose, code: CodePage, ticket: TicketPage,
  show: Show, kept: Kept, weigh: Weigh, quiz: QuizPage, staff: StaffPanel,
};
const DIGIT_MILLISECONDS = 160;   // a digit may be the first key of a scanner; a finger does not mind the wait

function goHome() {
  leave();
  forgetGuest();
}

function countDown() {
  const now = visit.get();
  if (now.page === 'attract') return;
  if (isWaiting(now)) touched();
  else if (countStillness()) goHome();
}

/** What a keyboard can do besides Tab and Enter: Escape steps back, digits choose a scene. */
function onKey(event) {
  touched();
  const { state } = machine.get();
  const { page } = visit.get();
  if (!state) return;
  if (event.key === 'Escape' && page !== 'attract') stepBack(state);
  const scene = page === 'scenes' ? state.scenes[Number(event.key) - 1] : undefined;
  if (scene) setTimeout(() => !isOfScanner(event) && visit.get().page === 'scenes' && touchScene(scene), DIGIT_MILLISECONDS);
  if (page === 'attract' && event.key === 'Enter' && event.target === document.body && isOpen(state)) begin(state);
}

function watchPerson() {
  const stay = () => touched(patienceOf(visit.get()));
  visit.subscribe((now) => touched(patienceOf(now)));
  const never = (event) => event.preventDefault();
  document.addEventListener('pointerdown', stay);
  document.addEventListener('keydown', onKey);
  document.addEventListener('contextmenu', never);
  document.addEventListener('dragstart', never);
  setInterval(countDown, 250);
}

function Kiosk() {
  useStore(words);
  const { state, answering } = useStore(machine);
  const now = useStore(visit);
  const { left } = useStore(stillness);
  if (!state) return html`<${Connecting} answering=${answering} />`;
  const Page = PAGES[now.page];
  const counting = now.page !== 'attract' && !isWaiting(now) && patienceOf(now) > COUNTED_DOWN_SECONDS && left <= COUNTED_DOWN_SECONDS;
  return html`
    <div class="screen screen-${now.page}">
      <${Header} state=${state} />
      <${Notices} state=${state} answering=${answering} />
      <main class="stage" key=${now.page}><${Page} state=${state} visit=${now} goHome=${goHome} /></main>
      ${now.page !== 'attract' && html`<${Footer} state=${state} goHome=${goHome} />`}
      ${counting && html`<${StillThere} left=${left} goHome=${goHome} />`}
    </div>`;
}

prepareForGuest();
await Promise.all([startWords('kiosk'), askMachine()]);
watchMachine();
startReading(codeShown);
watchPerson();   // before there is anything to touch
render(html`<${Kiosk} />`, document.getElementById('page'));
