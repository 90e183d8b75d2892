/** A member's pages: which one is shown, the tabs below it, and the sheet with the result of a scan. */
import { createStore, html, useEffect, useStore } from '../../shared/js/view.js';
import { Failed, Loading } from '../../shared/js/components.js';
import { route } from '../../shared/js/router.js';
import { keepPasses } from '../models/passes.js';
import { keepAskingRefunds } from '../models/refunds.js';
import { ConsentAgain } from './consent_again.js';
import { keepHandingIn } from '../models/scans.js';
import { keepMemberFresh, showsNothingKept, signal } from '../models/session.js';
import { keepVouchers } from '../models/vouchers.js';
import { useOfflineWords } from './as_of.js';
import { ResultSheet } from './result.js';
import { Tabs, TABS } from './tabs.js';

const PAGES = {
  home: () => import('./home.js'),
  scan: () => import('./scan.js'),
  scenes: () => import('./scenes.js'),
  scene: () => import('./scene.js'),
  shop: () => import('./shop.js'),
  vouchers: () => import('./vouchers.js'),
  voucher: () => import('./voucher.js'),
  history: () => import('./history.js'),
  activity: () => import('./activity.js'),
  me: () => import('./me.js'),
  notices: () => import('./me_notice.js'),
  consents: () => import('./me_consents.js'),
  sessions: () => import('./me_sessions.js'),
  data: () => import('./me_data.js'),
  forget: () => import('./me_forget.js'),
  code: () => import('./member_code.js'),
  carbon: () => import('./carbon.js'),
  after: () => import('./after.js'),
  place: () => import('./place.js'),
};

/** A list and one of its entries share a name in the address: "#/scenes" and "#/scenes/<id>". */
const ONE_OF = { scenes: 'scene', vouchers: 'voucher', history: 'activity', places: 'place' };

/** The modules of pages shown so far: {name: module or {failed: true}}. */
const loaded = createStore({});

function load(name) {
  PAGES[name]().then(
    (module) => loaded.set((before) => ({ ...before, [name]: module })),
    () => loaded.set((before) => ({ ...before, [name]: { failed: true } })),
  );
}

function pageName({ name, part }) {
  if (part && ONE_OF[name]) return ONE_OF[name];
  return Object.hasOwn(PAGES, name) ? name : 'home';
}

load(pageName(route.get()));

/** `turn` changes when the signal is back and what is shown is old: then the page asks for all of it again. */
function CurrentPage({ name, part, turn }) {
  const module = useStore(loaded)[name];
  useEffect(() => { if (!module) load(name); }, [name]);
  // After an update the server may not have this page's file any more: opened anew, all of them fit again.
  if (module?.failed) return html`<${Failed} error=${{ code: 'unreachable' }} onRetry=${() => location.reload()} />`;
  if (!module) return html`<${Loading} />`;
  return html`<${module.default} part=${part} key=${`${name}/${part}/${turn}`} />`;
}

export default function Frame({ foot: Foot }) {
  const place = useStore(route);
  const name = pageName(place);
  const offlineWords = useOfflineWords();
  const { turn } = useStore(signal);
  useEffect(showsNothingKept, [name, place.part]);
  useEffect(keepHandingIn, []);
  useEffect(keepMemberFresh, []);
  useEffect(keepVouchers, []);
  useEffect(keepAskingRefunds, []);
  useEffect(keepPasses, []);
  return html`
    <div class="app-page"><${CurrentPage} name=${name} part=${place.part} turn=${turn} /></div>
    <${Foot} offlineWords=${offlineWords}>${TABS.includes(name) && html`<${Tabs} current=${name} />`}<//>
    <${ResultSheet} />
    <${ConsentAgain} />`;
}
