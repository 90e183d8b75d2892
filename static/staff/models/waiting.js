/** Everything that waits for a second person, whatever it is about. */
import { t } from '../../shared/js/i18n.js';
import { createStore } from '../../shared/js/view.js';
import { readWaiting } from './adjustments.js';
import { groupName } from './groups.js';
import { asVersion } from './items.js';
import { api, may } from './session.js';
import { isMine } from './versions.js';

export const READ_EVERY_MILLISECONDS = 60_000;

/** Subjects with versions: their list tells which ones have something waiting, their newest versions tell what. */
async function waitingVersions(kind, path) {
  const { data } = await api.get(path);
  const found = data.filter((row) => row.waiting).map(async ({ id, name, icon }) => {
    const versions = await api.get(`${path}/${id}/versions`);
    return versions.data.filter(({ state }) => state === 'asked').map((version) => ({ kind, id, name, icon, path: `${path}/${id}`, version }));
  });
  return (await Promise.all(found)).flat();
}

async function waitingGroups() {
  return (await waitingVersions('groups', 'staff/groups')).map((entry) => ({ ...entry, name: groupName(entry.id) }));
}

/** Goods and merchants: their lists answer only those where something waits. */
async function waitingAmong(kind, icon) {
  const { data } = await api.get(`staff/${kind}?waiting=1&limit=100`);
  const found = data.filter((row) => row.version_waits).map(async (row) => {
    const path = `staff/${kind}/${row.id}`;
    const versions = await api.get(`${path}/versions`);
    return versions.data.filter(({ state }) => state === 'asked').map((version) => ({ kind, id: row.id, name: row.name, icon: row.icon ?? icon, path, version }));
  });
  return (await Promise.all(found)).flat();
}

function piecesIn({ pieces }) {
  return t('stock.pieces_in', { count: pieces });
}

async function waitingKiosks() {
  const { data } = await api.get('staff/kiosks');
  const found = data.filter((row) => row.version_waits).map(async ({ id, venue, name: machine }) => {
    const path = `staff/kiosks/${id}`;
    const versions = await api.get(`${path}/versions`);
    return versions.data.filter(({ state }) => state === 'asked')
      .map((version) => ({ kind: 'kiosks', id, name: `${venue} · ${machine}`, path, version: { ...version, title: t(`kiosk.change.${version.change}`) } }));
  });
  return (await Promise.all(found)).flat();
}

async function waitingStock() {
  const { data } = await api.get('staff/items?waiting=1&limit=100');
  const found = data.filter((row) => row.stock_waits).map(async ({ id, name, icon, stock: { remaining } }) => {
    const changes = await api.get(`staff/items/${id}/stock`);
    return changes.data.filter(({ state }) => state === 'asked')
      .map((change) => ({ kind: 'stock', page: 'items', id, name, icon, path: `staff/items/${id}`, version: asVersion(id, remaining, change, piecesIn(change)) }));
  });
  return (await Promise.all(found)).flat();
}

/** Points by hand: a request has no versions, it is decided as a whole. */
async function waitingAdjustments() {
  const requests = await readWaiting();
  return requests.map((request) => ({ kind: 'adjustments', id: request.id, name: request.member.nickname, path: `staff/adjustments/${request.id}`, version: request }));
}

/**
 * One line for each kind of thing that can wait: `read` answers its entries, {kind, id, name, icon?, path, version};
 * `decide` is the operation that settles them, `see` the one that lists them where not everybody may.
 */
const LISTS = [
  { kind: 'scenes', decide: 'staff_approve_rule_version', read: () => waitingVersions('scenes', 'staff/scenes') },
  { kind: 'groups', decide: 'staff_approve_group_version', read: waitingGroups },
  { kind: 'venues', decide: 'staff_approve_venue_version', read: () => waitingVersions('venues', 'staff/venues') },
  { kind: 'items', decide: 'staff_approve_item_version', see: 'staff_list_items', read: () => waitingAmong('items', 'gift') },
  { kind: 'stock', decide: 'staff_approve_stock_change', see: 'staff_list_items', read: waitingStock },
  { kind: 'merchants', decide: 'staff_approve_merchant_version', see: 'staff_list_merchants', read: () => waitingAmong('merchants', 'building-store') },
  { kind: 'kiosks', decide: 'staff_approve_kiosk_version', read: waitingKiosks },
  { kind: 'adjustments', decide: 'staff_approve_adjustment', see: 'staff_list_adjustments', read: waitingAdjustments },
];

/** {entries: null until read, error of the last reading or null}. */
export const waiting = createStore({ entries: null, error: null });

/** May the person at this console settle anything at all? */
export function decides() {
  return LISTS.some(({ decide }) => may(decide));
}

export async function refreshWaiting() {
  try {
    const lists = await Promise.all(LISTS.filter(({ see }) => may(see)).map(({ read }) => read()));
    waiting.set({ entries: lists.flat(), error: null });
  } catch (error) {
    waiting.set((before) => ({ ...before, error }));
  }
}

/** What this person can settle now: asked for by somebody else, of a kind their role decides. */
export function mineToDecide(entries) {
  const kinds = LISTS.filter(({ decide }) => may(decide)).map(({ kind }) => kind);
  return entries.filter(({ kind, version }) => kinds.includes(kind) && !isMine(version));
}

/** The longest asked for first. */
export function inTurn(entries) {
  return [...entries].sort((one, other) => Date.parse(one.version.asked_at) - Date.parse(other.version.asked_at));
}
