/** The people at this counter, as its owner looks after them; and everybody's own password. */
import { api, passwordIsOwn } from './session.js';

/** [{id, login, name, role, blocked, must_change_password, sessions, signed_in_at}], the owner first. */
export async function readPeople() {
  return (await api.get('merchant/people')).data;
}

/** Answers {person, password, valid_until}; the password is shown once. */
export function addCashier(login, name) {
  return api.post('merchant/people', { login, name });
}

/** A block ends the cashier's sessions at once. */
export function blockCashier(id, blocked) {
  return api.patch(`merchant/people/${id}`, { blocked });
}

/** Answers {person, password, valid_until}; the cashier's sessions end. */
export function resetPassword(id) {
  return api.post(`merchant/people/${id}/password`);
}

/** My own; my other devices are signed out. */
export async function changePassword(current, fresh) {
  await api.post('merchant/account/password', { current, fresh });
  passwordIsOwn();
}
