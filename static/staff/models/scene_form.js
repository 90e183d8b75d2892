/** A scene's document as a form edits it: texts in whole units, and back. */
import { codeUnits, quantityOf, wholeText } from './quantities.js';

export const CLASSES = ['travel', 'dining', 'lodging', 'waste', 'shopping', 'energy', 'nature', 'learning'];
export const AUDIENCES = ['both', 'visitors', 'residents'];
export const PROOFS = ['GK', 'DK', 'ST', 'TK', 'WT', '2P', 'VC'];
export const PERIODS = ['day', 'week', 'month', 'night'];
export const CAP_SCOPES = ['member', 'room'];
export const VARIANTS_MAX = 8;
/** Seconds of each unit a cool-down is written in, the longest first. */
export const COOL_DOWN_UNITS = { day: 86_400, hour: 3_600, minute: 60, second: 1 };

const WRITTEN = ['name_zh', 'name_en', 'how_zh', 'how_en', 'note_zh', 'note_en'];
const CHOSEN = ['scene_class', 'icon', 'audience', 'period', 'cap_scope', 'attested', 'active'];

function coolDownForm(seconds) {
  const unit = Object.keys(COOL_DOWN_UNITS).find((name) => seconds >= COOL_DOWN_UNITS[name] && seconds % COOL_DOWN_UNITS[name] === 0) ?? 'minute';
  return { amount: String(seconds / COOL_DOWN_UNITS[unit]), unit };
}

function variantForm(variant) {
  const whole = (key) => wholeText(variant[key], variant.unit);
  return {
    number: variant.number, name_zh: variant.name_zh, name_en: variant.name_en, factor: variant.factor, points: String(variant.points),
    step: variant.unit === 'kg' ? '1' : whole('step'), min_quantity: whole('min_quantity'), max_quantity: whole('max_quantity'),
  };
}

/** What the editor starts from. */
export function formOf(document) {
  const { unit } = document.variants[0];
  const same = Object.fromEntries([...WRITTEN, ...CHOSEN, 'number', 'slug'].map((key) => [key, document[key]]));
  return {
    ...same, unit, proofs: [...document.proofs], cap: wholeText(document.cap, unit),
    cap_group: document.cap_group ?? '', exclusive_group: document.exclusive_group ?? '', cool_down: coolDownForm(document.cool_down_seconds),
    season: document.season ? [...document.season] : null, variants: document.variants.map(variantForm), factors: {},
  };
}

/** Seconds of a cool-down as written; NaN for no number. */
export function coolDownSeconds({ amount, unit }) {
  return /^\d+$/.test(amount.trim()) ? Number(amount) * COOL_DOWN_UNITS[unit] : NaN;
}

function variantDocument(variant, unit) {
  const quantity = (key) => quantityOf(variant[key], unit);
  return {
    number: variant.number, name_zh: variant.name_zh.trim(), name_en: variant.name_en.trim(), unit, factor: variant.factor,
    points: quantityOf(variant.points, 'piece'), step: unit === 'kg' ? 1 : quantity('step'),
    min_quantity: quantity('min_quantity'), max_quantity: quantity('max_quantity'),
  };
}

/** The document that the form says; numbers that were not written well are NaN, so ask `troublesOf` first. */
export function documentOf(form) {
  const document = Object.fromEntries(CHOSEN.map((key) => [key, form[key]]));
  for (const key of WRITTEN) document[key] = form[key].trim();
  for (const key of ['cap_group', 'exclusive_group']) if (form[key].trim()) document[key] = form[key].trim();
  if (form.season) document.season = form.season;
  return {
    ...document, number: form.number, slug: form.slug.trim(), proofs: form.proofs,
    cap: quantityOf(form.cap, form.unit), cool_down_seconds: coolDownSeconds(form.cool_down),
    variants: form.variants.map((variant) => variantDocument(variant, form.unit)),
  };
}

const IN_VARIANT = /^variants\[(\d+)\]\.(\w+)$/;
const IN_FACTOR = /^factors\.([a-z0-9-]+)\.(\w+)$/;

/** What the form holds at a field: "cap", "variants[1].points", "factors.bus-ride.value". */
export function valueAt(form, field) {
  const [, factor, said] = IN_FACTOR.exec(field) ?? [];
  if (said) return form.factors[factor][said];
  const [, position, key] = IN_VARIANT.exec(field) ?? [];
  return key ? form.variants[Number(position)][key] : form[field];
}

/** The form with another value at that field. */
export function withValue(form, field, value) {
  const [, factor, said] = IN_FACTOR.exec(field) ?? [];
  if (said) return { ...form, factors: { ...form.factors, [factor]: { ...form.factors[factor], [said]: value } } };
  const [, position, key] = IN_VARIANT.exec(field) ?? [];
  if (!key) return { ...form, [field]: value };
  return { ...form, variants: form.variants.map((variant, index) => (index === Number(position) ? { ...variant, [key]: value } : variant)) };
}

/** One more variant, with a number that none had; it begins as the default is. */
export function withVariant(form) {
  const number = Math.max(...form.variants.map((variant) => variant.number)) + 1;
  return { ...form, variants: [...form.variants, { ...form.variants[0], number, name_zh: '', name_en: '' }] };
}

/** Another unit: the factor has to count it, so it is chosen anew, and distance and energy go by whole units. */
export function withUnit(form, unit) {
  const variants = form.variants.map((variant) => ({ ...variant, factor: '', step: '1' }));
  const period = unit === 'night' ? 'night' : form.period === 'night' ? 'day' : form.period;
  return { ...form, unit, period, variants };
}

/** A scene that nobody has written yet; its number comes from the server. */
export function emptyForm() {
  const variant = { number: 0, name_zh: '', name_en: '', factor: '', points: '1', step: '1', min_quantity: '1', max_quantity: '1' };
  return {
    slug: '', name_zh: '', name_en: '', how_zh: '', how_en: '', note_zh: '', note_en: '', scene_class: 'nature', icon: 'leaf',
    audience: 'both', season: null, proofs: ['ST'], unit: 'piece', cap: '1', period: 'day', cap_scope: 'member', cap_group: '', exclusive_group: '',
    cool_down: { amount: '1', unit: 'hour' }, attested: false, active: true, variants: [variant], factors: {},
  };
}

/** The same scene under another name; what is public of the one is not of the other. */
export function copiedForm(document) {
  return { ...formOf(document), number: undefined, slug: '', name_zh: '', name_en: '', attested: false };
}

/** An id from an English name: "Mend a net" → "mend-a-net". */
export function slugOf(name) {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 40).replace(/-+$/, '');
}

/** The smallest amount that a code can carry of this unit, in whole units: "0.01" for kg. */
export function finest(unit) {
  return String(1 / codeUnits(unit));
}
