/** A difference between two versions in words: which field, what it was, what it becomes. */
import { count, fen } from '../../shared/js/format.js';
import { hasWords, language, t } from '../../shared/js/i18n.js';
import { groupName } from '../models/groups.js';
import { wholeText } from '../models/quantities.js';
import { monthDay } from './moments.js';
import { attestedWord, className, coolDown, periodName, proofNames, unitName } from './scene_words.js';

const LINE_WIDTH = 32;   // what fits beside an arrow in the narrowest place
const nothing = () => t('change.nothing');
const inUnits = (value, { unit }) => `${wholeText(value, unit)} ${unitName(unit, value)}`;
const yesNo = (value) => t(value ? 'detail.yes' : 'detail.no');

/** How a value is written, by the last part of its field. */
const WRITTEN = {
  cap: inUnits, step: inUnits, min_quantity: inUnits, max_quantity: inUnits, quantity: (value) => `${wholeText(value, 'km')} km`,
  unit: (value) => unitName(value), period: periodName, scene_class: className, cool_down_seconds: coolDown,
  proofs: (value) => proofNames(value).join(t('list.comma')), audience: (value) => t(`audience.${value}`), attested: attestedWord,
  season: (value) => value.map(monthDay).join(' – '), active: (value) => t(value ? 'scene.running' : 'scene.paused'), attended: yesNo,
  settlement_fen: fen, state: (value) => (hasWords(`merchant.${value}`) ? t(`merchant.${value}`) : value),
  kiosk_change: (value) => t(`kiosk.change.${value}`),
  cap_scope: (value) => t(`cap_scope.${value}`), cap_group: (value) => groupName(value), side: (value) => (hasWords(`side.${value}`) ? t(`side.${value}`) : value),
};

function named(value) {
  return value[`name_${language()}`] ?? value.name ?? Object.values(value).filter((part) => typeof part !== 'object').join(' · ');
}

function valueWords(value, leaf, context) {
  if (value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) return nothing();
  if (WRITTEN[leaf]) return WRITTEN[leaf](value, context);
  if (Array.isArray(value)) return value.map((each) => (typeof each === 'object' ? named(each) : each)).join(t('list.comma'));
  if (typeof value === 'object') return named(value);
  if (typeof value === 'boolean') return yesNo(value);
  return typeof value === 'number' ? count(value) : String(value);
}

/** Chinese characters are twice as wide as Latin ones. */
function widthOf(text) {
  return [...text].reduce((width, letter) => width + (letter > '\u2e7f' ? 2 : 1), 0);
}

function fieldName(leaf) {
  return hasWords(`field.${leaf}`) ? t(`field.${leaf}`) : leaf;
}

/** Where in the document: the variant, or the scene of a venue's profile. */
function placeOf(parts, { document, scenes }) {
  const [room, key] = parts[0] === 'profile' ? parts.slice(1) : parts;
  if (room === 'variants' && key !== undefined) {
    const variant = document.variants.find(({ number }) => number === Number(key));
    return t('change.variant', { number: variant?.number ?? key, name: variant?.[`name_${language()}`] ?? '' }).trim();
  }
  if (room === 'scenes' && key !== undefined) return scenes?.get(Number(key))?.name ?? t('change.scene', { number: key });
  if (room === 'factors' && key !== undefined) return t('change.factor', { factor: key });
  return '';
}

/** A scene of a venue counts in its own unit. */
function unitOf(parts, { document, scenes }) {
  const [room, key] = parts[0] === 'profile' ? parts.slice(1) : parts;
  if (room === 'scenes') return scenes?.get(Number(key))?.unit ?? 'piece';
  return document.variants?.[0]?.unit ?? 'piece';
}

/** {label, place, before, after, long}: `long` texts stand below one another. `context`: {document, scenes by number}. */
export function changeWords({ field, before, after }, context) {
  const parts = field.split('.');
  const leaf = parts.at(-1);
  const inside = { unit: unitOf(parts, context) };
  const whole = /^\d+$/.test(leaf) || (parts[0] === 'factors' && parts.length === 2);   // it came or went as a whole
  const words = [before, after].map((value) => valueWords(value, leaf, inside));
  return {
    label: whole ? '' : fieldName(leaf), place: placeOf(parts, context), before: words[0], after: words[1],
    long: Math.max(...words.map(widthOf)) > LINE_WIDTH,
  };
}
