/** The counter: sign in, look a voucher up, redeem it, see the day, take one back. */
import { html, render, useEffect, useErrorBoundary, useStore } from '../shared/js/view.js';
import { startWords, t, words } from '../shared/js/i18n.js';
import { preferences } from '../shared/js/preferences.js';
import { DemoBanner, Failed, OfflineBanner, Toasts } from '../shared/js/components.js';
import { route } from '../shared/js/router.js';
import { island, refreshIsland } from './models/island.js';
import { resumeConfirming } from './models/acts.js';
import { resumeAttempt } from './models/counter.js';
import { resumeUndo } from './models/undos.js';
import { isOwner, session, signal } from './models/session.js';
import { refreshTill } from './models/till.js';
import { refreshToday } from './models/today.js';
import { allowSound } from './pages/signal_sound.js';
import { ActOutcome } from './pages/act_outcome.js';
import { Acts } from './pages/acts.js';
import { Desk } from './pages/desk.js';
import { Outcome } from './pages/outcome.js';
import { FirstPassword } from './pages/first_password.js';
import { People } from './pages/people.js';
import { Redemptions } from './pages/redemptions.js';
import { Settings } from './pages/settings.js';
import { SignIn } from './pages/sign_in.js';
import { UndoDialog } from './pages/undo.js';

const PAGES = { acts: Acts, today: Redemptions, settings: Settings };

function Counter() {
  const { name } = useStore(route);
  const Shown = name === 'people' && isOwner() ? People : PAGES[name] ?? Desk;
  useEffect(() => {
    refreshToday();
    resumeAttempt();
    resumeUndo();
    // Without an answer the page of acts asks again and says so.
    refreshTill().then(resumeConfirming, () => {});
  }, []);
  return html`<${Shown} /><${Outcome} /><${ActOutcome} /><${UndoDialog} />`;
}

function App() {
  useStore(words);
  useStore(preferences);
  const { token, mustChangePassword } = useStore(session);
  const { offline } = useStore(signal);
  const here = useStore(island);
  const [broken, mend] = useErrorBoundary((error) => console.error(error));
  if (broken) return html`<${Failed} error=${{}} onRetry=${mend} />`;
  return html`
    <div class="counter">
      <div class="counter-page">${!token ? html`<${SignIn} />` : mustChangePassword ? html`<${FirstPassword} />` : html`<${Counter} key=${token} />`}</div>
      <footer class="counter-foot">
        <${OfflineBanner} offline=${offline} text=${t('counter.offline')} />
        <${DemoBanner} island=${here} />
      </footer>
      <${Toasts} />
    </div>`;
}

words.subscribe(() => { document.title = `${t('product')} · ${t('counter.title')}`; });
addEventListener('pointerdown', allowSound);
addEventListener('keydown', allowSound);
refreshIsland();
await startWords('merchant');
render(html`<${App} />`, document.getElementById('app'));
