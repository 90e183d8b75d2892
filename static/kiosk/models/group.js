/**
 * The live group code of the attract screen: a new one every 20 s while the kiosk is in touch with the server.
 */
import { createStore } from '../../shared/js/view.js';
import { ask } from './local.js';

const ASK_EVERY_MILLISECONDS = 2_000;

/** {scene: number or null, code: {link, qr, seconds_left} or null, refused: code of the refusal or null}. */
export const group = createStore({ scene: null, code: null, refused: null });
let timer = null;

async function refresh(scene) {
  try {
    const code = await ask(`/api/group/${scene}`);
    if (group.get().scene === scene) group.set({ scene, code, refused: null });
  } catch (error) {
    if (group.get().scene === scene) group.set({ scene, code: null, refused: error.code });
  }
  if (group.get().scene === scene) timer = setTimeout(() => refresh(scene), ASK_EVERY_MILLISECONDS);
}

/** Show the group code of this scene number, or none at all (null). */
export function showGroup(scene) {
  if (group.get().scene === scene) return;
  clearTimeout(timer);
  group.set({ scene, code: null, refused: null });
  if (scene !== null) refresh(scene);
}
