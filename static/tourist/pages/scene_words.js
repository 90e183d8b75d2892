/** How a scene's rule is said in a few words, the same on every page. */
import { html } from '../../shared/js/view.js';
import { decimal, points } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';

/** "+5" with its unit below: what one act gives. */
export function scenePoints(scene) {
  return html`<span class="scene-points"><strong class="points">+${points(scene.points)}</strong>
    <span class="small">${t('scene.per', { unit: scene.per })}</span></span>`;
}

/** "80 g saved" or the honest zero. */
export function sceneGrams(scene) {
  if (Number(scene.reduction_grams) === 0) return t('scene.grams.zero');
  return t('scene.grams', { grams: decimal(scene.reduction_grams) });
}

/** What is left of it for me today, or why not. */
export function sceneLeft(scene) {
  if (!scene.open) return scene.closed_reason || t('scene.closed');
  if (scene.left_today === null) return t('scene.unlimited');
  if (Number(scene.left_today) <= 0) return t('scene.used_up');
  return leftWords('scene.left', scene);
}

const MEASURED = ['kg', 'km', 'kWh'];

/** "3 left today", and with its unit where the number measures something. */
export function leftWords(key, scene) {
  return t(MEASURED.includes(scene.unit) ? `${key}.measured` : key, { left: scene.left_today, unit: scene.per });
}

/** Grams and what is left; each half stays in one piece where the line is too short for both. */
export function sceneNote(scene) {
  return html`<span class="piece">${sceneGrams(scene)} · </span><span class="piece">${sceneLeft(scene)}</span>`;
}
