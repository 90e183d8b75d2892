/** The people of the staff, as an administrator looks after them. */
import { api, readOrLast } from './session.js';

export const ROLES = ['operator', 'approver', 'finance', 'fleet', 'auditor', 'administrator'];

export async function readPeople() {
  return (await readOrLast('staff/people')).data;
}

/** Answers {person, password, valid_until}; the password is shown once. */
export function addPerson(login, name, roles) {
  return api.post('staff/people', { login, name, roles });
}

/** `change` is {roles} or {blocked}; answers the person as they are now. */
export function changePerson(id, change) {
  return api.patch(`staff/people/${id}`, change);
}

/** Answers {person, password, valid_until}; the person's sessions end. */
export function resetPassword(id, forgetSecondFactor) {
  return api.post(`staff/people/${id}/password`, { forget_second_factor: forgetSecondFactor });
}

export function endSessionsOf(id) {
  return api.del(`staff/people/${id}/sessions`);
}

/** The state of a person's sign-in: blocked, once (has a one-time password), no_factor, well. */
export function stateOf(person) {
  if (person.blocked) return 'blocked';
  if (person.must_change_password) return 'once';
  return person.second_factor ? 'well' : 'no_factor';
}

/** People whose name, login or roles hold the words. */
export function filterPeople(people, words, roleName) {
  const wanted = words.trim().toLowerCase();
  return people.filter((person) => [person.name, person.login, ...person.roles.map(roleName)].some((text) => text.toLowerCase().includes(wanted)));
}
