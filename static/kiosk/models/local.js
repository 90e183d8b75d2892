/**
 * The door to the kiosk's own process on this machine (http://127.0.0.1, same origin as the page).
 * Throws `Refused` when the process says no and `Unreachable` when it does not answer.
 */
import { Refused, Unreachable } from '../../shared/js/api.js';
import { language } from '../../shared/js/i18n.js';

const TIMEOUT_MILLISECONDS = 5_000;

async function call(method, path, { body, headers = {}, timeout = TIMEOUT_MILLISECONDS } = {}) {
  const request = {
    method, cache: 'no-store', signal: AbortSignal.timeout(timeout),
    headers: { Accept: 'application/json', 'Accept-Language': language() === 'en' ? 'en' : 'zh-CN', ...headers },
  };
  if (body !== undefined) {
    request.headers['Content-Type'] = 'application/json';
    request.body = JSON.stringify(body);
  }
  let response;
  let answer;
  try {
    response = await fetch(path, request);
    answer = await response.json();
  } catch (error) {
    throw new Unreachable(error.message);
  }
  if (!response.ok) throw new Refused(response.status, answer);
  return answer;
}

/** The JSON that stands at this path of the kiosk's process; `timeout` in milliseconds for one that waits for news. */
export const ask = (path, timeout) => call('GET', path, { timeout });

/** Send JSON to this path of the kiosk's process; answers what it says. */
export const tell = (path, body, headers) => call('POST', path, { body, headers });
