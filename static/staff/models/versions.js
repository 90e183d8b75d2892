/**
 * The versions of a subject: a scene's rule or what a venue offers. `path` names the subject: staff/scenes/clean-plate.
 *
 * A version is {version, state: asked | approved | in_force | ended | rejected | withdrawn, starts_at, ends_at, reason,
 * asked_by, asked_at, decided_by, decided_at, decision_reason, second_person, payload, changes, document, factors}.
 */
import { api, may, session } from './session.js';

const DEEDS = {
  scenes: { ask: 'staff_create_rule_version', withdraw: 'staff_withdraw_rule_version', decide: 'staff_approve_rule_version' },
  venues: { ask: 'staff_create_venue_version', withdraw: 'staff_withdraw_venue_version', decide: 'staff_approve_venue_version' },
  groups: { ask: 'staff_create_group_version', withdraw: 'staff_withdraw_group_version', decide: 'staff_approve_group_version' },
  items: { ask: 'staff_create_item_version', withdraw: 'staff_withdraw_item_version', decide: 'staff_approve_item_version' },
  stock: { ask: 'staff_create_stock_change', withdraw: 'staff_withdraw_stock_change', decide: 'staff_approve_stock_change' },
  kiosks: { ask: 'staff_invite_kiosk', withdraw: 'staff_withdraw_kiosk_version', decide: 'staff_approve_kiosk_version' },
  merchants: { ask: 'staff_resume_merchant', withdraw: 'staff_withdraw_merchant_version', decide: 'staff_approve_merchant_version' },
};

/** {ask, withdraw, decide}: what the person's roles allow with subjects of this kind. */
export function deedsOf(kind) {
  return Object.fromEntries(Object.entries(DEEDS[kind]).map(([deed, operation]) => [deed, may(operation)]));
}

/** The newest versions of a subject, or those after `cursor`: {data, next}. */
export function readVersions(path, cursor) {
  return api.get(`${path}/versions${cursor ? `?${new URLSearchParams({ cursor })}` : ''}`);
}

/** {inForce: {document, factors} or null where nothing was ever in force}. */
export async function readInForce(path) {
  const { rule, document, factors } = await api.get(path);
  return { inForce: rule && rule.state !== 'in_force' ? null : { document, factors } };
}

/**
 * What `change` ({document or back_to, factors?, starts_at?}) would do; nothing is kept: {changes: [{field, before, after,
 * costs}], second_person, starts_at, puts_aside: [{version, starts_at}] plans that would never begin then, examples}.
 */
export function previewVersion(path, change) {
  return api.post(`${path}/versions/preview`, change);
}

/** `change` is {document or back_to, factors?, starts_at?, reason}; answers the version, which may stand approved at once. */
export function askVersion(path, change) {
  return api.post(`${path}/versions`, change);
}

/** Where a version is decided; what is no version of its subject (pieces of stock) says so itself. */
function addressOf(path, { version, address }) {
  return address ?? `${path}/versions/${version}`;
}

/** Approves exactly what was shown: another payload in the meantime is refused. */
export function approveVersion(path, version) {
  return api.post(`${addressOf(path, version)}/approve`, { payload: version.payload });
}

export function rejectVersion(path, version, reason) {
  return api.post(`${addressOf(path, version)}/reject`, { reason });
}

export function withdrawVersion(path, version) {
  return api.post(`${addressOf(path, version)}/withdraw`);
}

/** The versions that nobody is judged by yet: asked for, or approved and not begun. */
export function waitingOf(versions) {
  return versions.filter(({ state }) => state === 'asked' || state === 'approved');
}

/** Did the person at this console ask for it? */
export function isMine({ asked_by: person }) {
  return person?.id === session.get().person?.id;
}

/** What a 422 says of each field: {"variants[0].points": {reason, sentence?}}. */
export function refusedFields(error) {
  const fields = error.code === 'invalid_fields' ? error.problem.fields ?? [] : [];
  return Object.fromEntries(fields.map(({ field, reason, sentence }) => [field, { reason, sentence }]));
}
