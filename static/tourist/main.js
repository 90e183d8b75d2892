/** The tourist's mini-program in the browser. Who has not signed in arrives; who has sees the pages. */
import { createStore, html, render, useEffect, useErrorBoundary, useStore } from '../shared/js/view.js';
import { startWords, t, words } from '../shared/js/i18n.js';
import { preferences } from '../shared/js/preferences.js';
import { DemoBanner, Failed, Loading, OfflineBanner, Toasts } from '../shared/js/components.js';
import { refreshMember, session, signal } from './models/session.js';
import { island, refreshIsland, sentBack, waitingCode } from './models/arrival.js';

const PARTS = {
  arrive: () => import('./pages/arrive.js'), frame: () => import('./pages/frame.js'), back: () => import('./pages/wechat_back.js'),
};

/** The parts of the app loaded so far: {name: module or {failed: true}}. */
const loaded = createStore({});

function load(name) {
  return PARTS[name]().then(
    (module) => loaded.set((before) => ({ ...before, [name]: module })),
    () => loaded.set((before) => ({ ...before, [name]: { failed: true } })),
  );
}

/** A code that came with the link waits in front of everything else, but for what WeChat said. */
function partNow() {
  if (sentBack.get()) return 'back';
  return session.get().token && !waitingCode.get() ? 'frame' : 'arrive';
}

function Part({ name }) {
  const module = useStore(loaded)[name];
  useEffect(() => { if (!module) load(name); }, [name]);
  if (module?.failed) return html`<${Failed} error=${{ code: 'unreachable' }} onRetry=${() => location.reload()} />`;
  return module ? html`<${module.default} foot=${Foot} />` : html`<${Loading} />`;
}

/** What stands at the foot of each page: no signal, demonstration, and below them the page's own tabs. */
function Foot({ offlineWords, children }) {
  const { offline } = useStore(signal);
  const here = useStore(island);
  return html`<footer class="app-foot">
    <${OfflineBanner} offline=${offline} text=${offlineWords ?? t('offline.plain')} />
    <${DemoBanner} island=${here} />
    ${children}
  </footer>`;
}

function App() {
  useStore(words);
  useStore(preferences);
  useStore(session);
  useStore(waitingCode);
  useStore(sentBack);
  const [broken, mend] = useErrorBoundary((error) => console.error(error));
  if (broken) return html`<${Failed} error=${{}} onRetry=${mend} />`;
  const name = partNow();
  return html`<div class="app"><${Part} name=${name} key=${name} /><${Toasts} /></div>`;
}

/** Later visits open without network. The worker's scope is the whole site, which the server allows by a header. */
function openWithoutNetwork() {
  const { serviceWorker, connection } = navigator;
  serviceWorker?.register('/static/tourist/offline.js', { scope: '/' })
    .then(() => serviceWorker.ready)
    .then(({ active }) => !connection?.saveData && active.postMessage('keep decoder'))
    .catch((error) => console.warn(error.message));
}

/** How long the first page waits for what the island says about signing in; it works without. */
const WAYS_MILLISECONDS = 1500;

async function start() {
  const first = load(partNow());
  const said = refreshIsland().catch(() => {});   // the page works without the island's figures
  if (session.get().token) refreshMember().catch(() => {});   // the home page says so if it can't
  const waysKnown = session.get().token ? null : Promise.race([said, new Promise((late) => { setTimeout(late, WAYS_MILLISECONDS); })]);
  await Promise.all([startWords('tourist'), first, waysKnown]);
  render(html`<${App} />`, document.getElementById('app'));
  setTimeout(openWithoutNetwork, 1500);
}

words.subscribe(() => { document.title = `${t('product')} · ${t('app.title')}`; });
start();
