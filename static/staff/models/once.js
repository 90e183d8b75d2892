/** Calls that move points or ask for them: each goes under one key until it is answered, so pressing again does nothing twice. */
import { freshId, worthAnotherTry } from '../../shared/js/api.js';
import { forget, keep, keptValue } from '../../shared/js/kept.js';
import { api, session } from './session.js';

/** POST `body`; after a lost answer the same call with the same content asks under the same key. */
export async function postOnce(path, body) {
  const name = `staff.unanswered.${session.get().person.id}.${path}`;
  const content = JSON.stringify(body);
  const open = keptValue(name);
  const key = open?.content === content ? open.key : freshId();
  keep(name, { content, key });
  try {
    const answer = await api.post(path, body, { key });
    forget(name);
    return answer;
  } catch (error) {
    if (!worthAnotherTry(error)) forget(name);
    throw error;
  }
}
