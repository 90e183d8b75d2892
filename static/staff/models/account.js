/** One's own account: password, second factor, recovery codes, open sessions. */
import { api } from './session.js';

/** {second_factor, recovery_codes_left, members: ids I declared an interest in, sessions: [{id, device, created_at, expires_at, current}]}. */
export async function readAccount() {
  const [account, sessions] = await Promise.all([api.get('staff/account'), api.get('staff/sessions')]);
  return { ...account, sessions: sessions.data };
}

export function changePassword(current, fresh) {
  return api.post('staff/account/password', { current, fresh });
}

/** Answers {secret, link}: shown once, holds when its digits were given. */
export function beginSecondFactor(password) {
  return api.post('staff/account/second-factor', { password });
}

/** Answers ten recovery codes. */
export async function confirmSecondFactor(totp) {
  return (await api.post('staff/account/second-factor/confirmation', { totp })).recovery_codes;
}

/** Answers ten recovery codes; the old ones are void. */
export async function renewRecoveryCodes(password) {
  return (await api.post('staff/account/recovery-codes', { password })).recovery_codes;
}

/** A member account is mine or my family's; answers all ids that I declared. */
export async function declareInterest(memberId) {
  return (await api.post('staff/account/members', { member_id: memberId })).members;
}

export function endSession(id) {
  return api.del(`staff/sessions/${id}`);
}
