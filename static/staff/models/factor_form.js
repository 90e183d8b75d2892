/** The factors of a scene's form: what is written anew of each, what of it is wrong, and the documents that the server gets. */

/** As the catalogue allows (scenes/factor.py and scenes/fields.py). */
export const FACTOR_LENGTHS = { source: 500, source_tag: 48, note: 500 };
const YEARS = { lowest: 1990, highest: 2100 };
const DECIMAL = /^(0|[1-9]\d{0,6})(\.\d{1,12})?$/;
const WRITTEN = ['value', 'source', 'source_tag', 'year', 'methodology', 'note_zh', 'note_en'];

/** What the fields of a factor begin with. */
export function factorForm(factor) {
  return Object.fromEntries(WRITTEN.map((key) => [key, String(factor[key])]));
}

/** The ids of the factors that the variants use, each once. */
export function usedFactors(form) {
  return [...new Set(form.variants.map(({ factor }) => factor))].filter(Boolean);
}

function written(form, factors) {
  return usedFactors(form).filter((id) => form.factors[id] && factors.has(id));
}

function documentOf(factor, entered, version) {
  const texts = Object.fromEntries(WRITTEN.map((key) => [key, entered[key].trim()]));
  const { id, unit } = factor;
  return { id, unit, version, ...texts, year: Number(texts.year) };
}

/** Documents of the factors that say something new, each as the version after the newest: `known` is {factors, newest by id}. */
export function factorDocuments(form, { factors, newest }) {
  const changed = written(form, factors).filter((id) => {
    const before = factorForm(factors.get(id));
    return WRITTEN.some((key) => form.factors[id][key].trim() !== before[key]);
  });
  return changed.map((id) => documentOf(factors.get(id), form.factors[id], newest.get(id) + 1));
}

/** The known factors with what is written of them, by id. */
export function factorsAsWritten(form, factors) {
  const anew = written(form, factors).map((id) => [id, documentOf(factors.get(id), form.factors[id], factors.get(id).version)]);
  return new Map([...factors, ...anew]);
}

/** Names what the server would refuse, by `add(field, word, values)`. */
export function checkFactors(form, factors, add) {
  for (const id of written(form, factors)) {
    const [at, entered] = [`factors.${id}`, form.factors[id]];
    for (const key of ['source', 'source_tag', 'note_zh', 'note_en']) {
      const limit = FACTOR_LENGTHS[key] ?? FACTOR_LENGTHS.note;
      if (!entered[key].trim()) add(`${at}.${key}`, 'trouble.empty');
      else if (entered[key].trim().length > limit) add(`${at}.${key}`, 'trouble.long', { limit });
    }
    if (!DECIMAL.test(entered.value.trim())) add(`${at}.value`, 'trouble.decimal');
    const year = /^\d{4}$/.test(entered.year.trim()) ? Number(entered.year) : NaN;
    if (!(year >= YEARS.lowest && year <= YEARS.highest)) add(`${at}.year`, 'trouble.range', YEARS);
  }
}
