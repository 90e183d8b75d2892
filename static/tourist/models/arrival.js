/**
 * What meets somebody who arrives: the island's public face, and a code that came with the link (/S/<CODE>)
 * and waits for its person. It is never handed in by itself.
 */
import { createStore } from '../../shared/js/view.js';
import { forget, keep, keptValue } from '../../shared/js/kept.js';
import { readKept } from './session.js';

const STAMP_SECONDS = 15 * 60;

function fromLink() {
  const found = location.pathname.match(/^\/S\/([^/]+)$/i);
  if (!found) return null;
  const stamp = document.querySelector('meta[name="arrival"]')?.content || '';
  return { code: decodeURIComponent(found[1]), arrival: stamp, seen_at: Math.floor(Date.now() / 1000) };
}

/** The same code opened twice keeps its first stamp, so that a newcomer who reloads is not too late. */
function start() {
  const [linked, kept] = [fromLink(), keptValue('arrival')];
  const fresh = kept && Date.now() / 1000 - kept.seen_at < STAMP_SECONDS;
  if (!linked) return fresh ? kept : null;
  if (fresh && kept.code === linked.code && kept.arrival) return kept;
  keep('arrival', linked);
  return linked;
}

/** Whether this page stands in WeChat's own browser. */
export const inWechat = /MicroMessenger/i.test(navigator.userAgent);

/** WeChat sends people back to /?code=…&state=… or /?action=…&reserved=…; neither code nor openid stays in the address. */
function takeAnswer() {
  const said = new URLSearchParams(location.search);
  const mark = said.get('state') ?? said.get('reserved');
  if (location.pathname !== '/' || !mark) return null;
  history.replaceState(null, '', '/');
  return { mark, code: said.get('code'), action: said.get('action') };
}

/** What WeChat said, {mark, code, action}, until it is dealt with; null else. */
export const sentBack = createStore(takeAnswer());

/** A place's sign opens /?place=ID, from a mini-program ?scene=ID: the page of that place waits behind the sign-in, and the address is an ordinary one. */
function openPlace() {
  const said = new URLSearchParams(location.search);
  const place = said.get('place') ?? said.get('scene');
  if (location.pathname === '/' && place) history.replaceState(null, '', `/#/places/${encodeURIComponent(place)}`);
}

openPlace();

/** {code, arrival, seen_at} or null. */
export const waitingCode = createStore(start());

/** The person handed it in or left it: it waits no more, and the address shows it no more. */
export function clearWaitingCode() {
  waitingCode.set(null);
  forget('arrival');
  if (location.pathname !== '/') history.replaceState(null, '', `/${location.hash}`);
}

/** The answer of public/island (name, demonstration, today's figures), or null before the first one. */
export const island = createStore(keptValue('island'));

/** Read it again; without signal the last known one stays. */
export async function refreshIsland() {
  island.set(await readKept('island', 'public/island'));
  return island.get();
}
