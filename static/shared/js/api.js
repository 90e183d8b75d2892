/**
 * The one door to the server. Only `models/` call it.
 *
 * Two kinds of trouble come back as exceptions: `Refused` (the server answered and said no, with a stable
 * code) and `Unreachable` (nobody trustworthy answered: no signal, a time-out, a captive portal's page).
 */

const API = '/api/v1/';
const TIMEOUT_MILLISECONDS = 12_000;
const HALF_A_SECOND = 500;   // an answer's Date is a whole second, cut off

/** The server said no: `code` is stable, `detail` a sentence in the caller's language, `problem` all of it. */
export class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail || problem.title || problem.code);
    this.name = 'Refused';
    this.status = status;
    this.code = problem.code || 'refused';
    this.detail = problem.detail || '';
    this.problem = problem;
  }
}

/** Nobody answered, or what answered was not our server. */
export class Unreachable extends Error {
  constructor(reason) {
    super(reason);
    this.name = 'Unreachable';
    this.code = 'unreachable';
  }
}

/** True when the same call may work later without any change: no answer, database away, too many at once. */
export function worthAnotherTry(error) {
  return error instanceof Unreachable || (error instanceof Refused && (error.status >= 500 || error.status === 429));
}

/** A phone says "online" before the line carries anything: soon again, then rarely. */
const PAUSES = [2_000, 5_000, 10_000, 20_000];

/**
 * Try until it is done: when the signal comes back and when the phone is taken out; and, now and after each pause
 * (milliseconds), while `isOpen` says that something is left to do. Only while the page is seen.
 * @param {() => Promise<any>} act  may fail: it is tried again, after a refusal only when the person is back
 * @returns {() => void} ends the trying
 */
export function keepTrying(act, isOpen, pauses = PAUSES) {
  let [timer, tries, over] = [null, 0, false];
  const turn = async (asked) => {
    const hopeless = !document.hidden && (asked || isOpen()) && await act().then(() => false, (error) => !worthAnotherTry(error));
    clearTimeout(timer);
    if (!over && !hopeless) timer = setTimeout(turn, pauses[Math.min(tries, pauses.length - 1)]);
    tries += 1;
  };
  const anew = () => { tries = 0; turn(true); };
  addEventListener('online', anew);
  document.addEventListener('visibilitychange', anew);
  turn();
  return () => {
    over = true;
    clearTimeout(timer);
    removeEventListener('online', anew);
    document.removeEventListener('visibilitychange', anew);
  };
}

/** A fresh id for an `Idempotency-Key` or a device: 128 random bits, base64url. */
export function freshId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function headersOf({ token, language, csrf }, method, body, key) {
  const headers = { Accept: 'application/json', 'Accept-Language': language() === 'en' ? 'en' : 'zh-CN' };
  const bearer = token?.();
  if (bearer) headers.Authorization = `Bearer ${bearer}`;
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (key) headers['Idempotency-Key'] = key;
  const proof = csrf?.();
  if (proof && method !== 'GET') headers['X-CSRF-Token'] = proof;
  return headers;
}

/** The file of an answer, of exactly this kind; a refusal in its place is JSON. */
async function fileOf(response, kind) {
  if (!response.ok) return jsonOf(response);
  if (response.headers.get('Content-Type') !== kind) throw new Unreachable(`not our file: ${response.status}`);
  return response.blob().catch(() => { throw new Unreachable('the file broke off'); });
}

/** The JSON of an answer; anything that is not our kind of JSON counts as not having reached the server. */
async function jsonOf(response) {
  if (response.status === 204) return null;
  const kind = response.headers.get('Content-Type') || '';
  if (!/^application\/(problem\+)?json/.test(kind)) throw new Unreachable(`not our answer: ${response.status}`);
  try {
    return await response.json();
  } catch {
    throw new Unreachable('the answer broke off');
  }
}

/**
 * @param {{language: () => 'zh'|'en', token?: () => string|null, csrf?: () => string|null,
 *          onSignedOut?: () => void, onTime?: (server: number, sent: number) => void}} options  `onSignedOut` is told of
 *   each 401 `not_signed_in`, `onTime` of the server's clock (ms) in each answer and when its question was sent.
 * @returns get(path), post(path, body, {key}), patch(path, body), del(path): each answers the JSON body;
 *   file(path, body, kind) posts and answers a Blob of that media type; send(method, path, {body, key, patience}) answers
 *   {status, body} (`patience` in milliseconds). Paths are below /api/v1, without a leading slash.
 */
export function createApi(options) {
  async function send(method, path, { body, key, kind, patience = TIMEOUT_MILLISECONDS } = {}) {
    const request = {
      method, headers: headersOf(options, method, body, key), cache: 'no-store', redirect: 'error',
      credentials: 'same-origin', signal: AbortSignal.timeout?.(patience),
    };
    if (body !== undefined) request.body = JSON.stringify(body);
    const sent = Date.now();
    let response;
    try {
      response = await fetch(API + path, request);
    } catch (error) {
      throw new Unreachable(error.message);
    }
    const answer = await (kind ? fileOf(response, kind) : jsonOf(response));
    options.onTime?.(Date.parse(response.headers.get('Date')) + HALF_A_SECOND, sent);
    if (response.ok) return { status: response.status, body: answer };
    if (answer?.code === 'not_signed_in') options.onSignedOut?.();
    throw new Refused(response.status, answer || {});
  }
  return {
    send,
    get: async (path) => (await send('GET', path)).body,
    post: async (path, body = {}, { key } = {}) => (await send('POST', path, { body, key })).body,
    patch: async (path, body, { key } = {}) => (await send('PATCH', path, { body, key })).body,
    del: async (path) => (await send('DELETE', path)).body,
    file: async (path, body, kind) => (await send('POST', path, { body, kind })).body,
  };
}
