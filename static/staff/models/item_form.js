/** An item's document as a form edits it; fen stand there as yuan with two digits. */
const TEXTS = { name_zh: 64, name_en: 64, description_zh: 500, description_en: 500 };
/** Fields that hold a whole number: the least and the most it may be (routes/staff/items.py). */
const NUMBERS = { points: [1, 100_000], position: [0, 9_999] };
const LIMIT = [1, 1_000];
const FEN_MAX = 10_000_000;
const YUAN = /^\d{1,6}(\.\d{1,2})?$/;

export const NAME_MAX = TEXTS.name_zh;
export const DESCRIPTION_MAX = TEXTS.description_zh;

/** 350 -> "3.50" */
export function yuanText(fen) {
  return `${Math.trunc(fen / 100)}.${String(fen % 100).padStart(2, '0')}`;
}

/** "3.5" -> 350; NaN for what is no amount. */
export function fenOf(text) {
  const trimmed = text.trim();
  if (!YUAN.test(trimmed)) return NaN;
  const [whole, part = ''] = trimmed.split('.');
  return Number(whole) * 100 + Number(part.padEnd(2, '0'));
}

function wholeOf(text) {
  return /^\d{1,9}$/.test(text.trim()) ? Number(text.trim()) : NaN;
}

/** What the editor starts from. */
export function itemForm(document) {
  return {
    ...Object.fromEntries(Object.keys(TEXTS).map((field) => [field, document[field]])), icon: document.icon, active: document.active,
    points: String(document.points), position: String(document.position), settlement_fen: yuanText(document.settlement_fen),
    limit_per_person: document.limit_per_person === null ? '' : String(document.limit_per_person),
  };
}

export function emptyItemForm() {
  return { name_zh: '', name_en: '', description_zh: '', description_en: '', icon: 'gift', active: true, points: '', position: '0', settlement_fen: '', limit_per_person: '', merchant: '' };
}

/** The document that the form says; ask `itemTroubles` first. */
export function itemDocument(form) {
  return {
    ...Object.fromEntries(Object.keys(TEXTS).map((field) => [field, form[field].trim()])), icon: form.icon, active: form.active,
    points: wholeOf(form.points), position: wholeOf(form.position), settlement_fen: fenOf(form.settlement_fen),
    limit_per_person: form.limit_per_person.trim() ? wholeOf(form.limit_per_person) : null,
  };
}

function checkRange(found, field, value, [lowest, highest]) {
  if (Number.isNaN(value)) found[field] = { word: 'trouble.whole', values: {} };
  else if (value < lowest || value > highest) found[field] = { word: 'trouble.range', values: { lowest, highest } };
}

/** {field: {word, values}}; empty when the server may be asked. */
export function itemTroubles(form) {
  const found = {};
  for (const [field, limit] of Object.entries(TEXTS)) {
    if (!form[field].trim()) found[field] = { word: 'trouble.empty', values: {} };
    else if (form[field].trim().length > limit) found[field] = { word: 'trouble.long', values: { limit } };
  }
  for (const [field, range] of Object.entries(NUMBERS)) checkRange(found, field, wholeOf(form[field]), range);
  if (form.limit_per_person.trim()) checkRange(found, 'limit_per_person', wholeOf(form.limit_per_person), LIMIT);
  const fen = fenOf(form.settlement_fen);
  if (Number.isNaN(fen) || fen > FEN_MAX) found.settlement_fen = { word: 'trouble.yuan', values: {} };
  if (form.merchant === '') found.merchant = { word: 'trouble.empty', values: {} };
  return found;
}
