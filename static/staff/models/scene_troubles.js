/** What keeps a scene's form from being a rule, field by field, before the server is asked. Keys of words with values. */
import { checkFactors, factorsAsWritten } from './factor_form.js';
import { coolDownSeconds, finest } from './scene_form.js';
import { codeUnits, QUANTITY_MAX, quantityOf } from './quantities.js';

/** As long as the catalogue allows (scenes/fields.py), so that a text fits a kiosk's screen and a ticket. */
export const LENGTHS = { name: 48, how: 200, note: 500 };
const COOL_DOWN_SECONDS_MAX = 31 * 86_400;
const POINTS_MAX = 1000;
export const SLUG = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** Found troubles by field; the first of a field stays. */
function collector() {
  const found = {};
  const add = (field, word, values = {}) => { found[field] ??= { word, values }; };
  return { found, add };
}

function checkTexts(form, add) {
  for (const [name, limit] of Object.entries(LENGTHS)) {
    for (const field of [`${name}_zh`, `${name}_en`]) {
      if (!form[field].trim()) add(field, 'trouble.empty');
      else if (form[field].trim().length > limit) add(field, 'trouble.long', { limit });
    }
  }
  if (!SLUG.test(form.slug.trim())) add('slug', 'trouble.slug');
  if (form.exclusive_group.trim() && !SLUG.test(form.exclusive_group.trim())) add('exclusive_group', 'trouble.slug');
}

/** A quantity in whole units; answers its code units, or null after naming the trouble. */
function quantity(add, field, text, unit, highest = QUANTITY_MAX) {
  const units = quantityOf(text, unit);
  if (Number.isNaN(units)) add(field, 'trouble.number');
  else if (!Number.isInteger(units)) add(field, codeUnits(unit) === 1 ? 'trouble.whole' : 'trouble.fine', { finest: finest(unit), unit });
  else if (units < 1 || units > highest) add(field, 'trouble.range', { lowest: finest(unit), highest: highest / codeUnits(unit) });
  else return units;
  return null;
}

function checkSteps(add, at, { step, least, most }, unit) {
  if (step === null) return;
  if (unit !== 'kg' && step % codeUnits(unit)) add(`${at}.step`, 'trouble.whole');
  for (const [name, units] of [['min_quantity', least], ['max_quantity', most]]) {
    if (units !== null && units % step) add(`${at}.${name}`, 'trouble.step', { step: step / codeUnits(unit) });
  }
}

function checkVariant(form, position, add, factors) {
  const [variant, at, { unit }] = [form.variants[position], `variants[${position}]`, form];
  for (const field of ['name_zh', 'name_en']) if (!variant[field].trim()) add(`${at}.${field}`, 'trouble.empty');
  if (!variant.factor) add(`${at}.factor`, 'trouble.factor');
  const points = quantity(add, `${at}.points`, variant.points, 'piece', POINTS_MAX);
  const step = unit === 'kg' ? 1 : quantity(add, `${at}.step`, variant.step, unit);
  const [least, most] = ['min_quantity', 'max_quantity'].map((name) => quantity(add, `${at}.${name}`, variant[name], unit));
  checkSteps(add, at, { step, least, most }, unit);
  if (least !== null && most !== null && least > most) add(`${at}.min_quantity`, 'trouble.above_max');
  return { points, step, least, grams: Number(factors.get(variant.factor)?.value ?? 0) };
}

/** Who does not choose gets the default; it must never be the more generous one. */
function checkDefault(checked, add) {
  const [first, ...others] = checked;
  others.forEach((each, index) => {
    const at = `variants[${index + 1}]`;
    if (each.grams < first.grams) add(`${at}.factor`, 'trouble.below_default');
    if (each.points && first.points && each.points * first.step < first.points * each.step) add(`${at}.points`, 'trouble.below_default');
  });
}

function checkLimits(form, checked, add) {
  const cap = quantity(add, 'cap', form.cap, form.unit);
  const uneven = checked.find(({ step }) => cap !== null && step && cap % step);
  if (uneven) add('cap', 'trouble.step', { step: uneven.step / codeUnits(form.unit) });
  if (form.period !== 'night' && checked.some(({ least }) => cap !== null && least > cap)) add('cap', 'trouble.cap_below_min');
  if ((form.period === 'night') !== (form.unit === 'night')) add('period', 'trouble.night');
  const seconds = coolDownSeconds(form.cool_down);
  if (Number.isNaN(seconds)) add('cool_down_seconds', 'trouble.number');
  else if (seconds > COOL_DOWN_SECONDS_MAX) add('cool_down_seconds', 'trouble.cool_down');
  else if (seconds === 0 && form.exclusive_group) add('cool_down_seconds', 'trouble.exclusive');
}

/** {field: {word, values}}; empty when the server may be asked. `factors` by id. */
export function troublesOf(form, factors) {
  const { found, add } = collector();
  checkTexts(form, add);
  const asWritten = factorsAsWritten(form, factors);
  const checked = form.variants.map((_, position) => checkVariant(form, position, add, asWritten));
  checkDefault(checked, add);
  checkLimits(form, checked, add);
  checkFactors(form, factors, add);
  if (form.proofs.length === 0) add('proofs', 'trouble.proofs');
  if (form.season && !form.season.every((day) => /^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/.test(day))) add('season', 'trouble.season');
  return found;
}
