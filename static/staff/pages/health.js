/** The health of a kiosk as people see it: tone, icon and word together. */
import { html } from '../../shared/js/view.js';
import { Badge } from '../../shared/js/components.js';
import { language, t } from '../../shared/js/i18n.js';

/** {health: [tone, icon]} */
export const HEALTH = {
  well: ['pine', 'circle-check'], silent: ['amber', 'wifi-off'], paper_out: ['amber', 'printer-off'], waiting: ['grey', 'hourglass'],
  suspended: ['red', 'ban'], lost: ['red', 'alert-triangle'], invited: ['grey', 'mail'], retired: ['grey', 'power'],
};

export function HealthBadge({ health }) {
  const [tone, icon] = HEALTH[health] ?? ['grey', 'help'];
  return html`<${Badge} tone=${tone} icon=${icon}>${t(`health.${health}`)}<//>`;
}

const UNITS = [['day', 86_400], ['hour', 3_600], ['minute', 60]];

/** "5 minutes ago", "刚刚". */
export function ago(moment, now) {
  const seconds = Math.max(0, Math.round((now - Date.parse(moment)) / 1000));
  const [unit, size] = UNITS.find(([, length]) => seconds >= length) ?? [null, 1];
  if (!unit) return t('time.now');
  return new Intl.RelativeTimeFormat(language() === 'zh' ? 'zh-CN' : 'en', { numeric: 'always' }).format(-Math.floor(seconds / size), unit);
}
