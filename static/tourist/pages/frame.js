/** A member's pages: which one is shown, the tabs below it, and the sheet with the result of a scan. */
import { createStore, html, useEffect, useStore } from '../../shared/js/view.js';
import { Failed, Loading } from '../../shared/js/components.js';
import { route } from '../../shared/js/router.js';
import { keepPasses } from '../models/passes.js';
import { keepAskingRefunds } from '../models/refunds.js';
import { ResultSheet, startHandingIn } from './result.js';
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
  code: () => import('./member_code.js'),
};

/** A list and one of its entries share a name in the address: "#/scenes" and "#/scenes/<id>". */
const ONE_OF = { scenes: 'scene', vouchers: 'voucher', history: 'activity' };

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

function CurrentPage({ name, part }) {
  const module = useStore(loaded)[name];
  useEffect(() => { if (!module) load(name); }, [name]);
  if (module?.failed) return html`<${Failed} error=${{ code: 'unreachable' }} onRetry=${() => load(name)} />`;
  if (!module) return html`<${Loading} />`;
  return html`<${module.default} part=${part} key=${`${name}/${part}`} />`;
}

export default function Frame({ foot: Foot }) {
  const place = useStore(route);
  const name = pageName(place);
  useEffect(startHandingIn, []);
  useEffect(keepAskingRefunds, []);
  useEffect(keepPasses, []);
  return html`
    <div class="app-page"><${CurrentPage} name=${name} part=${place.part} /></div>
    <${Foot}>${TABS.includes(name) && html`<${Tabs} current=${name} />`}<//>
    <${ResultSheet} />`;
}
