/**
 * Lets the app open without network: the newest version that is whole on this phone.
 *
 * A version is the page and everything it is made of. Its files have names that hold their content's mark, so what
 * is kept under such a name is right for ever; the page itself is asked for each time. A newer page is shown when all
 * of its version is here, and until then the one before: nobody is left on the boat with half of each. Calls of the API
 * are never kept here: the models keep what the crossing needs.
 */
const VERSION = '';   // the server writes the version's name here,
const DECODER = [];   // and the names of the camera's decoder here (miniprogram_api/routes/whole_pages.py)
const NAMES = 'tanyu-tourist-';
const LATEST = 'tanyu-latest';   // the page of the newest version that is whole
const VERSION_HEADER = 'Page-Version';
const SLOW_MILLISECONDS = 2500;
const AWAY_MILLISECONDS = 10_000;
const MARKED = /\.[0-9a-f]{12}(\.[a-z]+)$/;
const EMPTY_ARRIVAL = '<meta name="arrival" content="">';
const ARRIVAL = /<meta name="arrival" content="[\w-]*">/;
const TYPES = {
  js: 'text/javascript', mjs: 'text/javascript', json: 'application/json', svg: 'image/svg+xml',
  webmanifest: 'application/manifest+json',
};

self.addEventListener('install', (event) => {
  self.skipWaiting();
  event.waitUntil(complete(VERSION));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(removeOld().then(() => self.clients.claim()));
});

// The page asks when it is at rest: a scan on the boat is worth keeping only if the phone can read the code there.
self.addEventListener('message', (event) => {
  if (event.data === 'keep decoder') event.waitUntil(keepDecoder().catch((error) => console.warn(error.message)));
});

/** Have all of a version here, its page last: where that is kept, nothing is missing. It is the latest from then on. */
async function complete(version) {
  const cache = await caches.open(NAMES + version);
  if (!await cache.match('/')) await fill(cache, version);
  await (await caches.open(LATEST)).put('/', await cache.match('/'));
}

async function fill(cache, version) {
  const answer = await fetch(`/static/tourist/pack.${version}.json`);
  if (!answer.ok) throw new Error(`no pack: ${answer.status}`);
  const { page, first, files } = await answer.json();
  await Promise.all([
    cache.addAll(first),   // loaded by the page a moment ago: they come from the browser's own cache
    ...Object.entries(files).map(([name, text]) => {
      const type = `${TYPES[name.split('.').at(-1)] ?? 'text/plain'}; charset=utf-8`;
      return cache.put(name, new Response(text, { headers: { 'Content-Type': type } }));
    }),
  ]);
  await cache.put('/', new Response(page.text, { headers: { ...page.headers, [VERSION_HEADER]: version } }));
}

/** The version before stays, for pages that are open with it. */
async function removeOld() {
  const names = (await caches.keys()).filter((name) => name.startsWith(NAMES) && name !== NAMES + VERSION);
  await Promise.all(names.slice(0, -1).map((name) => caches.delete(name)));
}

async function keepDecoder() {
  const cache = await caches.open(NAMES + VERSION);
  for (const name of DECODER) {
    const known = await caches.match(name);   // the version before had the same, as a rule
    if (known && !(await cache.match(name))) await cache.put(name, known);
    if (!known) await cache.add(name);
  }
}

function slow() {
  return new Promise((_, reject) => { setTimeout(() => reject(new Error('slow')), SLOW_MILLISECONDS); });
}

let awayUntil = 0;

/** What the network says in time; otherwise it counts as away for a while, and nobody waits for it again. */
async function inTime(network) {
  // Late success ends the waiting; a late failure after the kept copy has answered is of no interest.
  network.then(() => { awayUntil = 0; }, () => {});
  if (Date.now() < awayUntil) throw new Error('away');
  try {
    return await Promise.race([network, slow()]);
  } catch (error) {
    awayUntil = Date.now() + AWAY_MILLISECONDS;
    throw error;
  }
}

/** The page. Each code's page is the same page; its arrival stamp is never kept for another code. */
async function answerPage(event) {
  const kept = await caches.match('/', { cacheName: LATEST });
  if (!kept) return fetch(event.request);
  const network = fetch(event.request);
  try {
    const answer = await inTime(network);
    if (answer.status >= 500) return kept;
    const version = answer.headers.get(VERSION_HEADER);
    if (!version || version === kept.headers.get(VERSION_HEADER)) return answer;   // somebody else's page, or ours as kept
    const whole = complete(version);
    event.waitUntil(whole.catch(() => {}));
    return await Promise.race([whole, slow()]).then(() => answer, () => stamped(kept, answer));
  } catch {
    return kept;
  }
}

/** The kept page with the stamp of the page that came. */
async function stamped(kept, answer) {
  const stamp = (await answer.text()).match(ARRIVAL)?.[0] ?? EMPTY_ARRIVAL;
  const text = await kept.text();
  return new Response(text.replace(EMPTY_ARRIVAL, stamp), { headers: kept.headers });
}

/** A file of any version by its marked name; a plain one, which only old browsers ask for, from the network first. */
async function answerFile(request, name) {
  if (MARKED.test(name)) return (await caches.match(name)) ?? fetch(request);
  const kept = await keptPlain(name);
  if (!kept) return fetch(request);
  return inTime(fetch(request)).catch(() => kept);
}

async function keptPlain(name) {
  const latest = await caches.match('/', { cacheName: LATEST });
  if (!latest) return null;
  const cache = await caches.open(NAMES + latest.headers.get(VERSION_HEADER));
  const found = (await cache.keys()).find(({ url }) => new URL(url).pathname.replace(MARKED, '$1') === name);
  return found && cache.match(found);
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin) return;
  if (pathname.startsWith('/static/')) event.respondWith(answerFile(request, pathname));
  else if (request.mode === 'navigate' && (pathname === '/' || /^\/s\//i.test(pathname))) event.respondWith(answerPage(event));
});
