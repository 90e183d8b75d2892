/** The island staff's console: sign in, today, the scenes, the kiosks, the people and what they did. */
import { html, render, useEffect, useErrorBoundary, useStore } from '../shared/js/view.js';
import { startWords, t, words } from '../shared/js/i18n.js';
import { preferences } from '../shared/js/preferences.js';
import { DemoBanner, Failed, Loading, OfflineBanner, Toasts } from '../shared/js/components.js';
import { route } from '../shared/js/router.js';
import { island, refreshIsland } from './models/island.js';
import { findSession, may, session, signal } from './models/session.js';
import { Adjustments } from './pages/adjustments.js';
import { Audit } from './pages/audit.js';
import { Cards } from './pages/cards.js';
import { ChangeGroup } from './pages/change_group.js';
import { ChangeItem, NewItem } from './pages/change_item.js';
import { ChangeScene, NewScene } from './pages/change_scene.js';
import { ChangeVenue } from './pages/change_venue.js';
import { Decide } from './pages/decide.js';
import { Groups } from './pages/groups.js';
import { Items } from './pages/items.js';
import { Jobs } from './pages/jobs.js';
import { Journal } from './pages/journal.js';
import { JournalImport } from './pages/journal_import.js';
import { Kiosks } from './pages/kiosks.js';
import { Members } from './pages/members.js';
import { NewVenue } from './pages/new_venue.js';
import { Merchants } from './pages/merchants.js';
import { Messages } from './pages/messages.js';
import { Notices } from './pages/notices.js';
import { FirstPassword } from './pages/first_password.js';
import { FirstSecondFactor } from './pages/second_factor_form.js';
import { People } from './pages/people.js';
import { Rail } from './pages/rail.js';
import { Reviews } from './pages/reviews.js';
import { Scenes } from './pages/scenes.js';
import { Settings } from './pages/settings.js';
import { SignIn } from './pages/sign_in.js';
import { Today } from './pages/today.js';
import { Venues } from './pages/venues.js';

const PAGES = {
  decide: Decide, reviews: Reviews, scenes: Scenes, 'change-scene': ChangeScene, 'new-scene': NewScene, groups: Groups, 'change-group': ChangeGroup, venues: Venues, 'change-venue': ChangeVenue, 'new-venue': NewVenue,
  items: Items, 'change-item': ChangeItem, 'new-item': NewItem, merchants: Merchants,
  notices: Notices, journal: Journal, 'journal-import': JournalImport,
  kiosks: Kiosks, members: Members, cards: Cards, adjustments: Adjustments, people: People, audit: Audit, messages: Messages, jobs: Jobs, settings: Settings,
};
/** What a page reads first; without that permission it is not shown. */
const NEEDS = {
  reviews: 'staff_list_reviews', notices: 'staff_list_notices', journal: 'staff_list_journal', 'journal-import': 'staff_create_journal_import',
  'change-scene': 'staff_create_rule_version', 'new-scene': 'staff_create_scene', groups: 'staff_list_groups', 'change-group': 'staff_create_group_version', venues: 'staff_list_venues', 'change-venue': 'staff_create_venue_version', 'new-venue': 'staff_create_venue',
  items: 'staff_list_items', 'change-item': 'staff_create_item_version', 'new-item': 'staff_create_item', merchants: 'staff_list_merchants',
  members: 'staff_list_members', cards: 'staff_list_cards', adjustments: 'staff_list_adjustments', people: 'staff_list_people', audit: 'staff_list_audit', messages: 'staff_list_messages', jobs: 'staff_list_jobs',
};

function Banners() {
  const { offline } = useStore(signal);
  const here = useStore(island);
  return html`<div class="banners" role="region" aria-label=${t('console.notices')}>
    <${OfflineBanner} offline=${offline} text=${t('console.offline')} /><${DemoBanner} island=${here} /></div>`;
}

function Console() {
  const place = useStore(route);
  const name = Object.hasOwn(PAGES, place.name) && may(NEEDS[place.name]) ? place.name : '';
  const Shown = PAGES[name] ?? Today;
  useEffect(() => document.getElementById('title')?.focus({ preventScroll: true }), [name]);
  return html`
    <div class="console">
      <${Rail} current=${name} />
      <div class="console-main"><${Banners} /><${Shown} key=${name} part=${place.part} /></div>
    </div>`;
}

function SignedIn() {
  const { mustChangePassword, mustSetSecondFactor } = useStore(session);
  const { language } = useStore(words);
  if (mustChangePassword) return html`<${Banners} /><${FirstPassword} />`;
  if (mustSetSecondFactor) return html`<${Banners} /><${FirstSecondFactor} />`;
  return html`<${Console} key=${language} />`;
}

function App() {
  useStore(words);
  useStore(preferences);
  const { known, person } = useStore(session);
  const [broken, mend] = useErrorBoundary((error) => console.error(error));
  if (broken) return html`<${Failed} error=${{}} onRetry=${mend} />`;
  if (!known) return html`<${Loading} />`;
  return html`${person ? html`<${SignedIn} />` : html`<${Banners} /><${SignIn} />`}<${Toasts} />`;
}

words.subscribe(() => { document.title = `${t('product')} · ${t('console.title')}`; });
refreshIsland();
findSession();
await startWords('staff');
render(html`<${App} />`, document.getElementById('app'));
