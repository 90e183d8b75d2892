/**
 * Lets the app open without network: the newest page that was seen, and everything it is made of.
 *
 * The network comes first, so an update is never held back; without it (or when it is too slow) the kept
 * copy answers. Calls of the API are never kept here: the models keep what the crossing needs.
 */
const CACHE = 'tanyu-tourist-1';
const SLOW_MILLISECONDS = 2500;
const AWAY_MILLISECONDS = 10_000;

const SHARED = [
  'css/values.css', 'css/roles.css', 'css/components.css', 'img/icons.svg', 'img/mark.svg',
  'js/acting.js', 'js/api.js', 'js/camera.js', 'js/components.js', 'js/decoder.js', 'js/format.js', 'js/i18n.js', 'js/kept.js',
  'js/looks.js', 'js/preferences.js', 'js/qr.js', 'js/router.js', 'js/scanner.js', 'js/view.js',
  'js/codes/binary_text.js', 'js/codes/code_refused.js', 'js/codes/code_text.js', 'js/codes/kinds.js',
  'js/codes/hash_chain.js', 'js/codes/member_pass.js', 'js/codes/pass_facts.js', 'js/codes/sha2.js', 'js/codes/voucher_code.js',
  'locales/zh/shared.json', 'locales/en/shared.json', 'locales/zh/tourist.json', 'locales/en/tourist.json',
  'vendor/htm/preact/standalone.module.js', 'vendor/qrcode-generator/qrcode.mjs',
].map((name) => `/static/shared/${name}`);
const OWN = [
  'main.js', 'tourist.css', 'manifest.webmanifest',
  ...['arrival', 'history', 'passes', 'readings', 'refunds', 'scans', 'scenes', 'session', 'shop', 'vouchers'].map((name) => `models/${name}.js`),
  ...['activity', 'activity_review', 'arrive', 'chime', 'frame', 'history', 'home', 'just_read', 'me',
    'member_code', 'refund', 'result', 'ring', 'scan', 'scene', 'scene_words', 'scenes', 'shop', 'tabs', 'voucher', 'vouchers'].map((name) => `pages/${name}.js`),
].map((name) => `/static/tourist/${name}`);
// A scan on the boat is worth keeping only if the phone can read the code there.
const DECODER = ['es/reader/index.js', 'es/share.js', 'reader/zxing_reader.wasm'].map((name) => `/static/shared/vendor/zxing-wasm/${name}`);

self.addEventListener('install', (event) => {
  self.skipWaiting();
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(['/', ...SHARED, ...OWN])));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(removeOld().then(() => self.clients.claim()));
  caches.open(CACHE).then((cache) => cache.addAll(DECODER)).catch((error) => console.warn(error.message));
});

async function removeOld() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith('tanyu-tourist-') && name !== CACHE).map((name) => caches.delete(name)));
}

/** What is kept under which name; null for what is none of this worker's business. */
function keptName(request) {
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin) return null;
  if (pathname.startsWith('/static/')) return pathname;
  // Each code's page is the same page; its arrival stamp must never be kept for another code.
  if (request.mode === 'navigate' && (pathname === '/' || /^\/s\//i.test(pathname))) return '/';
  return null;
}

let awayUntil = 0;

async function fromNetwork(request, name) {
  const answer = await fetch(request);
  const keepable = answer.ok && !answer.redirected && (name !== '/' || new URL(request.url).pathname === '/');
  if (keepable) (await caches.open(CACHE)).put(name, answer.clone());
  awayUntil = 0;
  return answer;
}

function slow() {
  return new Promise((_, reject) => { setTimeout(() => reject(new Error('slow')), SLOW_MILLISECONDS); });
}

async function answer(request, name) {
  const kept = await caches.match(name, { cacheName: CACHE });
  if (!kept) return fromNetwork(request, name);
  const network = fromNetwork(request, name);
  network.catch(() => {});   // a late failure after the kept copy has answered is of no interest
  if (Date.now() < awayUntil) return kept;
  try {
    return await Promise.race([network, slow()]);
  } catch {
    awayUntil = Date.now() + AWAY_MILLISECONDS;
    return kept;
  }
}

self.addEventListener('fetch', (event) => {
  const name = keptName(event.request);
  if (name) event.respondWith(answer(event.request, name));
});
