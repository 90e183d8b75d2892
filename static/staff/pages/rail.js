/** The console's frame: where I am, where I can go, who I am. */
import { html, useEffect, useEvery, useStore } from '../../shared/js/view.js';
import { Icon, Mark } from '../../shared/js/components.js';
import { t } from '../../shared/js/i18n.js';
import { to } from '../../shared/js/router.js';
import { island } from '../models/island.js';
import { pending, READ_EVERY_MILLISECONDS as REVIEWS_EVERY_MILLISECONDS, refreshPending } from '../models/reviews.js';
import { READ_EVERY_MILLISECONDS as NOTICES_EVERY_MILLISECONDS, refreshUnseen, unseen } from '../models/notices.js';
import { may, session } from '../models/session.js';
import { decides, mineToDecide, READ_EVERY_MILLISECONDS, refreshWaiting, waiting } from '../models/waiting.js';

const PLACES = [
  ['', 'home', 'today.title'], ['decide', 'clipboard-check', 'decide.inbox'], ['reviews', 'hourglass', 'reviews.rail', 'staff_list_reviews'],
  ['scenes', 'leaf', 'scenes.title'], ['venues', 'map-pin', 'venues.title', 'staff_list_venues'],
  ['items', 'gift', 'items.title', 'staff_list_items'], ['merchants', 'building-store', 'merchants.title', 'staff_list_merchants'],
  ['kiosks', 'device-tablet', 'kiosks.title'], ['notices', 'bell', 'notices.title', 'staff_list_notices'], ['journal', 'file-text', 'journal.title', 'staff_list_journal'],
  ['members', 'user', 'members.title', 'staff_list_members'], ['cards', 'id', 'cards.title', 'staff_list_cards'], ['adjustments', 'scale', 'adjustments.title', 'staff_list_adjustments'],
  ['people', 'users', 'people.title', 'staff_list_people'], ['audit', 'history', 'audit.title', 'staff_list_audit'],
  ['messages', 'mail', 'messages.title', 'staff_list_messages'], ['jobs', 'clock', 'jobs.title', 'staff_list_jobs'],
];

/** Pages that have no place of their own stand under another. */
const WITHIN = { 'change-scene': 'scenes', 'new-scene': 'scenes', groups: 'scenes', 'change-group': 'scenes', 'change-venue': 'venues', 'new-venue': 'venues', 'change-item': 'items', 'new-item': 'items', 'journal-import': 'journal' };

/** How many decisions wait for this very person. */
function DecisionCount() {
  const { entries } = useStore(waiting);
  const look = () => { if (decides()) refreshWaiting(); };
  useEffect(look, []);
  useEvery(READ_EVERY_MILLISECONDS, look);
  const number = mineToDecide(entries ?? []).length;
  return number > 0 && html`<span class="rail-count">${number}<span class="visually-hidden">${t('decide.waiting')}</span></span>`;
}

/** How many acts wait for somebody of the staff. */
function ReviewCount() {
  const { count: number } = useStore(pending);
  useEffect(() => { refreshPending(); }, []);
  useEvery(REVIEWS_EVERY_MILLISECONDS, refreshPending);
  return number > 0 && html`<span class="rail-count">${number}<span class="visually-hidden">${t('need.acts_pending', { count: number })}</span></span>`;
}

/** How many notices nobody has looked at yet. */
function NoticeCount() {
  const { open: number } = useStore(unseen);
  useEffect(() => { refreshUnseen(); }, []);
  useEvery(NOTICES_EVERY_MILLISECONDS, refreshUnseen);
  return number > 0 && html`<span class="rail-count">${number}<span class="visually-hidden">${t('notices.rail_count', { count: number })}</span></span>`;
}

export function Rail({ current }) {
  const { person } = useStore(session);
  const here = useStore(island);
  return html`
    <header class="rail">
      <p class="rail-mark"><${Mark} /><span>${t('product')}<small>${here?.name ?? t('console.title')}</small></span></p>
      <nav class="rail-places" aria-label=${t('console.places')}>
        ${PLACES.filter(([, , , needs]) => may(needs)).map(([name, icon, word]) => html`
          <a key=${name} href=${to(name)} aria-current=${name === (WITHIN[current] ?? current) ? 'page' : null}><${Icon} name=${icon} small />${t(word)}
            ${name === 'decide' && html`<${DecisionCount} />`}${name === 'reviews' && html`<${ReviewCount} />`}${name === 'notices' && html`<${NoticeCount} />`}</a>`)}
      </nav>
      <a class="rail-person" href=${to('settings')} aria-current=${current === 'settings' ? 'page' : null}>
        <${Icon} name="user-circle" /><span>${person.name}<small>${t('account.title')}</small></span>
      </a>
    </header>`;
}

/** A page of the console: the way back ({href, word}), its title, what can be done with the whole page, and its content. */
export function ConsolePage({ title, note, back, actions, children }) {
  useEffect(() => { if (back) document.getElementById('title').focus({ preventScroll: true }); }, []);
  return html`
    <main class="console-page">
      ${back && html`<a class="console-back" href=${back.href}><${Icon} name="chevron-left" small />${back.word}</a>`}
      <div class="console-head"><h1 id="title" tabindex="-1">${title}</h1>${note && html`<p class="quiet small">${note}</p>`}
        ${actions && html`<div class="console-actions">${actions}</div>`}</div>
      ${children}
    </main>`;
}
