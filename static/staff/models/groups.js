/** The limits in points that several scenes share. */
import { hasWords, t } from '../../shared/js/i18n.js';
import { quantityOf } from './quantities.js';
import { readOrLast } from './session.js';

export const POINTS_MAX = 1000;   // scenes/fields.py

/** The name of a shared limit, its id where nobody gave it words. */
export function groupName(id) {
  return hasWords(`cap_group.${id}`) ? t(`cap_group.${id}`) : id;
}

const named = (group) => ({ ...group, name: groupName(group.id) });

/** [{id, name, points, period, version, starts_at, versions, scenes: [{id, number, name, icon}], waiting}]. */
export async function readGroups() {
  return (await readOrLast('staff/groups')).data.map(named);
}

/** One of them: {group, versions: the newest ones, next: cursor of older ones}. */
export async function readGroup(id) {
  const path = `staff/groups/${id}`;
  const [group, { data, next }] = await Promise.all([readOrLast(path), readOrLast(`${path}/versions`)]);
  return { group: named(group), versions: data, next };
}

export const groupForm = ({ points }) => ({ points: String(points) });

/** The document that the form says; ask `groupTroubles` first. */
export const groupDocument = (form) => ({ points: quantityOf(form.points, 'piece') });

/** {field: {word, values}}; empty when the server may be asked. */
export function groupTroubles(form) {
  const { points } = groupDocument(form);
  if (!Number.isInteger(points)) return { points: { word: 'trouble.whole', values: {} } };
  return points < 1 || points > POINTS_MAX ? { points: { word: 'trouble.range', values: { lowest: 1, highest: POINTS_MAX } } } : {};
}
