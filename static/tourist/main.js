/** The tourist's mini-program in the browser: which page is shown, and what stands around it. */
import { html, render, useEffect, useErrorBoundary, useStore, createStore } from '../shared/js/view.js';
import { startWords, t, words } from '../shared/js/i18n.js';
import { preferences } from '../shared/js/preferences.js';
import { DemoBanner, Failed, Loading, OfflineBanner, Toasts } from '../shared/js/components.js';
import { route } from '../shared/js/router.js';
import { refreshMember, session, signal } from './models/session.js';
import { island, refreshIsland } from './models/island.js';
import { waitingCode } from './models/arrival.js';
import { Tabs, TABS } from './pages/tabs.js';

const PAGES = {
  arrive: () => import('./pages/arrive.js'),
  home: () => import('./pages/home.js'),
  scan: () => import('./pages/scan.js'),
  scenes: () => import('./pages/scenes.js'),
  scene: () => import('./pages/scene.js'),
  shop: () => import('./pages/shop.js'),
  vouchers: () => import('./pages/vouchers.js'),
  voucher: () => import('./pages/voucher.js'),
  history: () => import('./pages/history.js'),
  activity: () => import('./pages/activity.js'),
  me: () => import('./pages/me.js'),
};

/** The modules of pages shown so far: {name: module or Error}. */
const loaded = createStore({});

function load(name) {
  PAGES[name]().then(
    (module) => loaded.set((before) => ({ ...before, [name]: module })),
    () => loaded.set((before) => ({ ...before, [name]: { failed: true } })),
  );
}

/** A list and one of its entries share a name in the address: "#/scenes" and "#/scenes/<id>". */
const ONE_OF = { scenes: 'scene', vouchers: 'voucher', history: 'activity' };

function pageName({ name, part }) {
  if (!session.get().token || waitingCode.get()) return 'arrive';
  if (part && ONE_OF[name]) return ONE_OF[name];
  return PAGES[name] && name !== 'arrive' ? name : 'home';
}

function CurrentPage({ name, part }) {
  const module = useStore(loaded)[name];
  useEffect(() => { if (!module) load(name); }, [name, module]);
  if (module?.failed) return html`<${Failed} error=${{ code: 'unreachable' }} onRetry=${() => load(name)} />`;
  if (!module) return html`<${Loading} />`;
  return html`<${module.default} part=${part} key=${`${name}/${part}`} />`;
}

function App() {
  useStore(words);
  useStore(preferences);
  useStore(session);
  useStore(waitingCode);
  const place = useStore(route);
  const { offline } = useStore(signal);
  const here = useStore(island);
  const [broken, mend] = useErrorBoundary((error) => console.error(error));
  const name = pageName(place);
  if (broken) return html`<${Failed} error=${{}} onRetry=${mend} />`;
  return html`
    <div class="app">
      <div class="app-page"><${CurrentPage} name=${name} part=${place.part} /></div>
      <div class="app-foot">
        <${OfflineBanner} offline=${offline} text=${name === 'arrive' ? t('offline.plain') : undefined} />
        <${DemoBanner} island=${here} />
        ${TABS.includes(name) && html`<${Tabs} current=${name} />`}
      </div>
      <${Toasts} />
      <${Late} />
    </div>`;
}

/** The result sheet comes with the first scan or the first page of a member, not with the first byte. */
function Late() {
  const module = useStore(loaded).result;
  const { token } = useStore(session);
  useEffect(() => {
    if (token && !module) import('./pages/result.js').then((result) => {
      loaded.set((before) => ({ ...before, result }));
      result.startHandingIn();
    });
  }, [token, module]);
  return module ? html`<${module.ResultSheet} />` : null;
}

async function start() {
  const first = pageName(route.get());
  load(first);
  refreshIsland().catch(() => {});   // the page works without the island's figures
  if (session.get().token) refreshMember().catch(() => {});   // the home page says so if it can't
  await startWords('tourist');
  render(html`<${App} />`, document.getElementById('app'));
  setTimeout(openWithoutNetwork, 1500);
}

/** Later visits open without network. The worker's scope is the whole site, which the server allows by a header. */
function openWithoutNetwork() {
  navigator.serviceWorker?.register('/static/tourist/offline.js', { scope: '/' }).catch((error) => console.warn(error.message));
}

words.subscribe(() => { document.title = `${t('product')} · ${t('app.title')}`; });
start();
