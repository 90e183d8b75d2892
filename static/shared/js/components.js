/**
 * The pieces every page is made of. Each takes plain values; text given to them is always shown as text.
 *
 * Button Card List Cell Badge StateBadge Icon Field Segments Sheet Dialog toast/Toasts Empty Loading Failed
 * DemoBanner OfflineBanner Page QuickChoices Mark Ridge
 */
import { createStore, html, useEffect, useLayoutEffect, useRef, useStore } from './view.js';
import { language, setLanguage, t } from './i18n.js';
import { preferences, setPreference } from './preferences.js';

// Under the name that the page's import map gives it, in an old browser under its own.
const SPRITE = import.meta.resolve?.('../img/icons.svg') ?? new URL('../img/icons.svg', import.meta.url).href;

/** Put the sprite into the page once: a reference into another file would be asked for again by each icon. */
async function placeIcons() {
  const answer = await fetch(SPRITE);
  const drawing = new DOMParser().parseFromString(await answer.text(), 'image/svg+xml').documentElement;
  for (const symbol of drawing.children) symbol.id = `icon-${symbol.id}`;
  drawing.setAttribute('hidden', '');
  document.body.prepend(document.importNode(drawing, true));
}

placeIcons().catch((error) => console.warn('no icons:', error.message));   // each icon has a word beside it

/** A Tabler icon by name. Without `label` it is decoration; with one it is an image that has this name. */
export function Icon({ name, label, small = false, look = small ? 'icon-small' : '' }) {
  const box = { class: `icon ${look}`, viewBox: '0 0 24 24' };
  const role = label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': 'true' };
  return html`<svg ...${box} ...${role}><use href=${`#icon-${name}`} /></svg>`;
}

/**
 * kind: main | plain | line | quiet | danger | danger-full. With `href` it is a link.
 * While `busy` it keeps its width, shows a ring and takes no second press.
 */
export function Button({ kind = 'plain', icon, busy = false, wide = false, disabled = false, href, children, ...rest }) {
  const look = `button button-${kind}${wide ? ' button-wide' : ''} ${rest.class || ''}`.trim();
  const inside = html`
    ${busy ? html`<span class="spinner" aria-hidden="true"></span>` : icon && html`<${Icon} name=${icon} small />`}
    <span>${children}</span>`;
  if (href && !disabled) return html`<a ...${rest} class=${look} href=${href}>${inside}</a>`;
  return html`<button type="button" ...${rest} class=${look} disabled=${disabled || busy} aria-busy=${busy}>${inside}</button>`;
}

/** A raised card. */
export function Card({ children, ...rest }) {
  return html`<section ...${rest} class=${`card ${rest.class || ''}`.trim()}>${children}</section>`;
}

/** Cells below one heading. */
export function List({ label, children }) {
  const cells = [children].flat(Infinity).filter(Boolean);
  return html`<section>
    ${label && html`<h2 class="list-head">${label}</h2>`}
    <ul class="list">${cells.map((cell) => html`<li key=${cell.key}>${cell}</li>`)}</ul>
  </section>`;
}

/** One line: icon, title, note, value. With `href` or `onClick` it can be pressed; `tone` colours the icon. */
export function Cell({ icon, tone = 'pine', title, note, value, href, onClick, children, ...rest }) {
  const inside = html`
    ${icon && html`<span class=${`cell-lead tone-${tone}`}><${Icon} name=${icon} /></span>`}
    <span class="cell-body">
      <span class="cell-title">${title}</span>
      ${note && html`<span class="cell-note">${note}</span>`}
      ${children}
    </span>
    ${value !== undefined && html`<span class="cell-value">${value}</span>`}
    ${(href || onClick) && html`<${Icon} name="chevron-right" look="cell-go" />`}`;
  const look = value === undefined ? 'cell' : 'cell cell-valued';
  if (href) return html`<a ...${rest} class=${look} href=${href}>${inside}</a>`;
  if (onClick) return html`<button type="button" ...${rest} class=${look} onClick=${onClick}>${inside}</button>`;
  return html`<div ...${rest} class=${look}>${inside}</div>`;
}

/** A small word with its icon. tone: grey | pine | sea | amber | red | sun. */
export function Badge({ tone = 'grey', icon, children }) {
  return html`<span class=${`badge tone-${tone}`}>${icon && html`<${Icon} name=${icon} small />`}<span>${children}</span></span>`;
}

const STATES = {
  credited: ['pine', 'circle-check'], pending: ['amber', 'hourglass'], half: ['sea', 'trekking'], capped: ['grey', 'scale'],
  refused: ['red', 'ban'], reversed: ['red', 'arrow-back-up'], kept: ['grey', 'device-mobile'],
  issued: ['pine', 'ticket'], redeemed: ['sea', 'circle-check'], cancelled: ['grey', 'arrow-back-up'],
  expired: ['amber', 'clock'],
};

/** The state of an activity or voucher: colour, icon and word together. One end of a walk waits for the other. */
export function StateBadge({ state, reason }) {
  const shown = state === 'pending' && reason === 'trail_half' ? 'half' : state;
  const [tone, icon] = STATES[shown] || ['grey', 'help'];
  return html`<${Badge} tone=${tone} icon=${icon}>${t(`state.${shown}`)}<//>`;
}

let fieldCount = 0;

/** A labelled input; `error` and `note` are read out with it. Other properties go to the <input>. */
export function Field({ label, note, error, children, ...rest }) {
  const id = useRef(null);
  id.current ??= rest.id || `field-${(fieldCount += 1)}`;
  const described = [error && `${id.current}-error`, note && `${id.current}-note`].filter(Boolean).join(' ');
  const said = { id: id.current, 'aria-invalid': Boolean(error), 'aria-describedby': described || null };
  const input = children || html`<input ...${rest} ...${said} />`;
  return html`<div class="field">
    <label for=${id.current}>${label}</label>
    ${input}
    ${error && html`<span class="field-error" id=${`${id.current}-error`}><${Icon} name="alert-triangle" small />${error}</span>`}
    ${note && html`<span class="field-note" id=${`${id.current}-note`}>${note}</span>`}
  </div>`;
}

/** One choice of a few. options: [{value, label, icon?, lang?}]; `chips` scrolls sideways instead of wrapping. */
export function Segments({ label, hideLabel = false, name, options, value, onChange, chips = false }) {
  return html`<fieldset class=${`segments${chips ? ' chips' : ''}`}>
    <legend class=${hideLabel ? 'visually-hidden' : ''}>${label}</legend>
    ${options.map((option) => {
      const icon = option.value === value && !chips ? 'check' : option.icon;
      return html`<label class="segment" key=${option.value}>
        <input type="radio" name=${name} checked=${option.value === value} onChange=${() => onChange(option.value)} />
        <span lang=${option.lang}>${icon && html`<${Icon} name=${icon} small />`}${option.label}</span>
      </label>`;
    })}
  </fieldset>`;
}

function Modal({ look, open, onClose, label, children }) {
  const box = useRef(null);
  useLayoutEffect(() => {
    if (open && !box.current.open) box.current.showModal();
    if (!open && box.current.open) box.current.close();
  }, [open]);
  const cancel = (event) => { event.preventDefault(); onClose?.(); };
  // The second tap of a double one lands beside the sheet that the first has opened.
  const touch = (event) => event.target === box.current && event.detail < 2 && onClose?.();
  return html`<dialog ref=${box} class=${look} aria-label=${label} onCancel=${cancel} onClick=${touch}>
    ${open && children}
  </dialog>`;
}

/** A half-screen sheet from below. `onClose` is called by Escape and by a touch beside it. tone: plain | pine. */
export function Sheet({ tone = 'plain', ...rest }) {
  return html`<${Modal} look=${`sheet tone-${tone}`} ...${rest} />`;
}

/** A question in the middle: title, text, and buttons whose words are the action. */
export function Dialog({ title, children, actions, ...rest }) {
  return html`<${Modal} look="dialog" label=${title} ...${rest}>
    <h2>${title}</h2>
    <div class="stack-tight">${children}</div>
    <div class="dialog-actions">${actions}</div>
  <//>`;
}

const toasts = createStore(null);
const TOAST_MILLISECONDS = 2500;

/** Say one short thing that went well; it leaves by itself and asks nothing. */
export function toast(text, icon = 'circle-check') {
  const shown = { text, icon };
  toasts.set(shown);
  setTimeout(() => toasts.get() === shown && toasts.set(null), TOAST_MILLISECONDS);
}

/** Where toasts appear: once, in an app's root. Screen readers hear them. */
export function Toasts() {
  const shown = useStore(toasts);
  return html`<div class="toasts" role="status" aria-live="polite">
    ${shown && html`<div class="toast"><${Icon} name=${shown.icon} /><span>${shown.text}</span></div>`}
  </div>`;
}

/** Nothing here yet, and what to do next. */
export function Empty({ icon = 'leaf', title, children, action }) {
  return html`<div class="state"><${Icon} name=${icon} /><h2>${title}</h2>
    ${children && html`<p class="quiet">${children}</p>`}${action}</div>`;
}

/** A spinner that says what it waits for. */
export function Loading({ label }) {
  return html`<div class="state" role="status"><span class="spinner" aria-hidden="true"></span>
    <p class="quiet">${label || t('loading')}</p></div>`;
}

/** What happened, what was kept, what to do: for a page that could not be loaded. */
export function Failed({ error, onRetry }) {
  const offline = error?.code === 'unreachable';
  return html`<div class="state" role="alert">
    <${Icon} name=${offline ? 'wifi-off' : 'alert-triangle'} />
    <h2>${offline ? t('failed.offline.title') : t('failed.title')}</h2>
    <p class="quiet">${offline ? t('failed.offline.text') : error?.detail || t('failed.text')}</p>
    ${!offline && error?.code && html`<p class="legal">${error.code}</p>`}
    ${onRetry && html`<${Button} kind="line" icon="refresh" onClick=${onRetry}>${t('action.again')}<//>`}
  </div>`;
}

/** Says on each page that this is a demonstration. `island` is the answer of public/island (or null). */
export function DemoBanner({ island }) {
  if (!island?.demonstration) return null;
  return html`<p class="band band-demo"><${Icon} name="info-circle" small /><span>${t('demonstration.banner')}</span></p>`;
}

/** Says that there is no signal and what that means. */
export function OfflineBanner({ offline, text }) {
  if (!offline) return null;
  return html`<p class="band band-offline" role="status"><${Icon} name="wifi-off" small /><span>${text || t('offline.banner')}</span></p>`;
}

/**
 * A page: title at the top left, a way back if `onBack`, the top right corner free. The title takes the
 * focus when the page opens, so that a screen reader says where it is.
 */
export function Page({ title, onBack, lead, children, ...rest }) {
  const heading = useRef(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), [title]);
  return html`<main ...${rest} class=${`page ${rest.class || ''}`.trim()}>
    <header class=${`page-head${onBack || lead ? ' page-head-led' : ''}`}>
      ${onBack && html`<button type="button" class="page-back" onClick=${onBack} aria-label=${t('action.back')}>
        <${Icon} name="chevron-left" /></button>`}
      ${lead}<h1 tabindex="-1" ref=${heading}>${title}</h1>
    </header>
    ${children}
  </main>`;
}

/** Language and size of text, one touch away: for first pages, where nobody has chosen yet. */
export function QuickChoices() {
  const { text } = useStore(preferences);
  const [other, name] = language() === 'zh' ? ['en', 'English'] : ['zh', '中文'];
  const next = (text + 1) % 3;
  return html`<div class="quick">
    <button type="button" class="quick-choice" lang=${other === 'zh' ? 'zh-CN' : 'en'} onClick=${() => setLanguage(other)}>
      <${Icon} name="language" small /> ${name}
    </button>
    <button type="button" class="quick-choice" onClick=${() => setPreference('text', next)}
      aria-label=${t('quick.text', { size: t(`preference.text.${next}`) })}>
      <span aria-hidden="true" class="quick-letters">Aa</span> ${t(next === 0 ? 'quick.smaller' : 'quick.larger')}
    </button>
  </div>`;
}

/** The mark: an island ridge over two water lines, one path, one colour. */
export function Mark({ label }) {
  const role = label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': 'true' };
  return html`<svg class="mark" viewBox="0 0 32 32" ...${role}><path d=${MARK_PATH} /></svg>`;
}

/** The same path for those who draw it elsewhere (32 x 32 units). */
export const MARK_PATH = 'M2.5 18.6 10.4 6.2q1.3-2 2.7 0l4.2 6.2 2-2.6q1.2-1.6 2.4 0l7.8 8.8z'
  + 'M3 21.4c2.2-1.6 4.3-1.6 6.5 0s4.3 1.6 6.5 0 4.3-1.6 6.5 0 4.3 1.6 6.5 0v2.3c-2.2 1.6-4.3 1.6-6.5 0s-4.3-1.6-6.5 0-4.3 1.6-6.5 0-4.3-1.6-6.5 0z'
  + 'M6.2 26.3c2.2-1.6 4.3-1.6 6.5 0s4.3 1.6 6.5 0 4.3-1.6 6.6 0v2.3c-2.3-1.6-4.4-1.6-6.6 0s-4.3 1.6-6.5 0-4.3-1.6-6.5 0z';

/** The island's ridge above the sea, the only decoration we have. */
export function Ridge() {
  return html`<svg class="ridge" viewBox="0 0 390 96" preserveAspectRatio="xMidYMax slice" aria-hidden="true">
    <path class="ridge-far" d="M0 70C30 62 48 50 74 47s38-17 58-24 26 8 44 14 30-14 50-26 32 6 52 20 34 4 54 14 38 19 58 25v26H0z" />
    <path class="ridge-near" d="M0 82c36-3 52-12 82-15s44-15 68-17 34 8 58 9 40-12 64-10 40 12 62 16 36 14 56 17v14H0z" />
    <path class="ridge-water" d="M24 90c10-5 20-5 30 0s20 5 30 0 20-5 30 0 20 5 30 0M226 88c10-5 20-5 30 0s20 5 30 0 20-5 30 0 20 5 30 0" />
  </svg>`;
}
