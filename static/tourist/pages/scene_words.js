/** How a scene's rule is said in a few words, the same on every page. */
import { html } from '../../shared/js/view.js';
import { decimal, grams, monthDay, points } from '../../shared/js/format.js';
import { hasWords, language, t } from '../../shared/js/i18n.js';

const MEASURED = ['kg', 'km', 'kWh'];

/** The scene's unit as a word: "trip", for several "trips". */
export function unitWord(scene, count = 1) {
  return t(`unit.${scene.unit}`, { count });
}

/** The server's formula names unit and factor by their ids; people read them in their own words. */
export function formulaWords({ formula, unit }) {
  const unitNamed = formula.replace(new RegExp(`(\\d |/)${unit}\\b`, 'g'), `$1${t(`unit.${unit}`, { count: 1 })}`);
  return unitNamed.replace(/\(\S+ v(\d+)\)/, (_, version) => t('formula.method', { version }));
}

/** What an act saved, or that it gives points only. */
export function gramsWords(number) {
  return number > 0 ? t('result.grams', { grams: grams(number) }) : t('result.grams.zero');
}

/** "+5" with its unit below: what one act gives. */
export function scenePoints(scene) {
  return html`<span class="scene-points"><strong class="points">+${points(scene.points)}</strong>
    <span class="small">${t('scene.per', { unit: unitWord(scene) })}</span></span>`;
}

/** "80 g saved" or the honest zero. */
export function sceneGrams(scene) {
  if (Number(scene.reduction_grams) === 0) return t('scene.grams.zero');
  return t('scene.grams', { grams: decimal(scene.reduction_grams) });
}

/** Why a scene is closed for me, in words. */
function closedWords(scene) {
  const key = `closed.${scene.closed_reason}`;
  return t(hasWords(key) ? key : 'closed.now');
}

/** First and last day of its season in words: {first, last}. */
export function seasonWords({ season }) {
  const [first, last] = season.map((each) => monthDay(each));
  return { first, last };
}

/** Why it is closed and what that means, in a sentence. */
export function closedSentence(scene) {
  const key = `closed.${scene.closed_reason}.text`;
  return scene.season ? t(key, seasonWords(scene)) : t(hasWords(key) ? key : 'closed.now');
}

/** What is left of it for me in its period, or why nothing is. */
export function sceneLeft(scene) {
  if (!scene.open) return closedWords(scene);
  if (scene.left_today === null) return t('left.unlimited');
  if (Number(scene.left_today) <= 0) return t(`left.none.${scene.cap.period}`);
  // In English a number alone is clear for trips and meals; kilometres and kilograms need their unit.
  const bare = language() === 'en' && !MEASURED.includes(scene.unit);
  const amount = bare ? scene.left_today : `${scene.left_today} ${unitWord(scene, scene.left_today)}`;
  return t(`left.${scene.cap.period}`, { amount });
}

/** Grams and what is left; each half stays in one piece where the line is too short for both. */
export function sceneNote(scene) {
  return html`<span class="piece">${sceneGrams(scene)} · </span><span class="piece">${sceneLeft(scene)}</span>`;
}
