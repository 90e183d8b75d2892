/** Notices in words: what happened, what it means, what to do about it. */
import { html } from '../../shared/js/view.js';
import { Badge } from '../../shared/js/components.js';
import { dayTime } from '../../shared/js/format.js';
import { hasWords, keysBelow, t } from '../../shared/js/i18n.js';
import { to } from '../../shared/js/router.js';
import { may } from '../models/session.js';

/** {kind: [tone, icon]} */
const LOOKS = {
  silent: ['amber', 'wifi-off'], twin: ['red', 'copy'], clone: ['red', 'copy'], old_boot: ['amber', 'history'], poison_item: ['amber', 'help'], read_twice: ['amber', 'scan'], shared_phone: ['amber', 'device-mobile'],
};
const STANDINGS = { open: ['amber', 'bell'], seen: ['sea', 'eye'], answered: ['pine', 'circle-check'] };

export function noticeName(kind) {
  return hasWords(`notice.kind.${kind}`) ? t(`notice.kind.${kind}`) : kind;
}

export function noticeKinds() {
  return keysBelow('notice.kind.');
}

export function lookOf(kind) {
  return LOOKS[kind] ?? ['grey', 'bell'];
}

export function NoticeBadge({ state }) {
  const [tone, icon] = STANDINGS[state] ?? ['grey', 'help'];
  return html`<${Badge} tone=${tone} icon=${icon}>${t(`notice.state.${state}`)}<//>`;
}

/** The place of a notice as words: of its kiosk, or of each place where a code was read. */
export function noticePlace({ kind, kiosk, places }) {
  if (kiosk) return kiosk.place;
  if (kind === 'shared_phone') return t('notice.phone');
  return places.map((place) => place.kiosk?.place ?? t('notice.till')).join(' · ');
}

/** Its kiosk, or the kiosks and tills where a code was read, as links. */
export function NoticeKiosks({ notice }) {
  const all = notice.kiosk ? [{ kiosk: notice.kiosk }] : notice.places;
  return html`${all.map(({ kiosk, merchant }, index) => html`<span key=${index}>${index > 0 && ' · '}${kiosk
    ? html`<a href=${to('kiosks', kiosk.id)}>${kiosk.name}</a>`
    : may('staff_read_merchant') ? html`<a href=${to('merchants', merchant)}>${t('notice.till')}</a>` : t('notice.till')}</span>`)}`;
}

/** What happened, in one sentence. */
export function noticeText(notice) {
  const { kind, since, epoch, counter, boots, seq, period } = notice;
  if (!hasWords(`notice.text.${kind}`)) return '';
  return t(`notice.text.${kind}`, { time: since ? dayTime(since) : '', epoch, counter, boot: boots[0] ?? '', seq, period });
}

/** How it was answered: by somebody with a note, or how the trouble ended by itself. */
export function answerText({ answered }) {
  return answered.by ? answered.note : t(`notice.ended.${answered.note}`);
}
