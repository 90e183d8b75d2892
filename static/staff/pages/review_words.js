/** Words for an act that waits: why, where, and how it ended. */
import { html } from '../../shared/js/view.js';
import { Icon } from '../../shared/js/components.js';
import { hasWords, t } from '../../shared/js/i18n.js';

/** The reason in few words; the server's sentence where there are none. */
export function reasonWords(review) {
  return hasWords(`reason.${review.waited_for}`) ? t(`reason.${review.waited_for}`) : review.waited_for_text;
}

/** "Island pier · On the island". */
export function placeWords(review) {
  return [review.activity.place, review.side && t(`side.${review.side}`)].filter(Boolean).join(' · ');
}

/** Who decided: a name, or the system with its word. */
export function deciderWords({ by, code }) {
  if (by) return by.name;
  return hasWords(`review.code.${code}`) ? t(`review.code.${code}`) : t('review.system');
}

/** What somebody should know before deciding, one line each. */
export function Hint({ icon, children }) {
  return html`<p class="small with-icon"><${Icon} name=${icon} small /><span>${children}</span></p>`;
}
