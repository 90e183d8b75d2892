/** A place's document as a form edits it: one entry for each field, under the name that the server gives it. */
import { codeUnits, QUANTITY_MAX, quantityOf, wholeText } from './quantities.js';
import { PROOFS } from './scene_form.js';

const GROUP = 'profile.group';
/** Fields that hold one number: the least and the most it may be (scenes/wire/profile.py). */
const NUMBERS = {
  [`${GROUP}.per_code`]: [0, QUANTITY_MAX], [`${GROUP}.seats`]: [0, QUANTITY_MAX], [`${GROUP}.window_minutes`]: [1, 1440],
  'profile.ceilings.points_per_hour': [0, 4_294_967_295], 'profile.ticket_days': [1, 366],
};
const NAME_MAX = 48;

export const offerFields = (number) => ({ proofs: `profile.scenes.${number}.proofs`, most: `profile.scenes.${number}.max_quantity` });

function atPath(document, field) {
  return field.split('.').reduce((node, key) => node[key], document);
}

/** What the editor starts from. `scenes`: the rules in force, for the unit of each; a scene not offered has no proofs. */
export function venueForm(document, scenes) {
  const form = { name_zh: document.name_zh, name_en: document.name_en, 'profile.attended': document.profile.attended, routes: document.profile.routes };
  for (const field of Object.keys(NUMBERS)) form[field] = String(atPath(document, field));
  for (const { number, unit } of scenes) {
    const { proofs, most } = offerFields(number);
    const offer = document.profile.scenes[number];
    form[proofs] = offer ? [...offer.proofs] : [];
    form[most] = offer ? wholeText(offer.max_quantity, unit) : '';
  }
  return form;
}

/** The scene's own ways of proof, and as much as its rule lets one act have. */
export function usualOffer({ number, unit, proofs: own, variants }) {
  const { proofs, most } = offerFields(number);
  return { [proofs]: [...own], [most]: wholeText(Math.max(...variants.map((variant) => variant.max_quantity)), unit) };
}

function offersOf(form, scenes) {
  const offered = scenes.filter(({ number }) => form[offerFields(number).proofs].length > 0);
  return Object.fromEntries(offered.map(({ number, unit }) => {
    const { proofs, most } = offerFields(number);
    return [number, { proofs: PROOFS.filter((proof) => form[proofs].includes(proof)), max_quantity: quantityOf(form[most], unit) }];
  }));
}

/** The document that the form says; ask `venueTroubles` first. */
export function venueDocument(form, scenes) {
  const number = (field) => quantityOf(form[field], 'piece');
  return {
    name_zh: form.name_zh.trim(), name_en: form.name_en.trim(),
    profile: {
      attended: form['profile.attended'], scenes: offersOf(form, scenes),
      group: { per_code: number(`${GROUP}.per_code`), seats: number(`${GROUP}.seats`), window_minutes: number(`${GROUP}.window_minutes`) },
      ceilings: { points_per_hour: number('profile.ceilings.points_per_hour') }, ticket_days: number('profile.ticket_days'), routes: form.routes,
    },
  };
}

function checkOffer(form, { number, unit }, found) {
  const { proofs, most } = offerFields(number);
  if (form[proofs].length === 0) return;
  const quantity = quantityOf(form[most], unit);
  if (Number.isNaN(quantity)) found[most] = { word: 'trouble.number', values: {} };
  else if (!Number.isInteger(quantity) || quantity < 1 || quantity > QUANTITY_MAX) {
    found[most] = { word: 'trouble.range', values: { lowest: 1 / codeUnits(unit), highest: QUANTITY_MAX / codeUnits(unit) } };
  }
}

/** {field: {word, values}}; empty when the server may be asked. */
export function venueTroubles(form, scenes) {
  const found = {};
  for (const field of ['name_zh', 'name_en']) {
    if (!form[field].trim()) found[field] = { word: 'trouble.empty', values: {} };
    else if (form[field].trim().length > NAME_MAX) found[field] = { word: 'trouble.long', values: { limit: NAME_MAX } };
  }
  for (const [field, [lowest, highest]] of Object.entries(NUMBERS)) {
    const value = quantityOf(form[field], 'piece');
    if (!Number.isInteger(value)) found[field] = { word: 'trouble.whole', values: {} };
    else if (value < lowest || value > highest) found[field] = { word: 'trouble.range', values: { lowest, highest } };
  }
  for (const scene of scenes) checkOffer(form, scene, found);
  return found;
}
