/** Which scenes a place offers by which ways of proof: as a table to read, and as one to change. */
import { html, useState } from '../../shared/js/view.js';
import { Empty, Icon } from '../../shared/js/components.js';
import { t } from '../../shared/js/i18n.js';
import { wholeText } from '../models/quantities.js';
import { PROOFS } from '../models/scene_form.js';
import { offerFields, usualOffer } from '../models/venue_form.js';
import { unitName } from './scene_words.js';

function Head({ last }) {
  return html`<thead><tr><th scope="col">${t('column.scene')}</th>
    ${PROOFS.map((proof) => html`<th scope="col" key=${proof} class="offer-proof" title=${t(`proof.${proof}`)}><abbr title=${t(`proof.${proof}`)}>${proof}</abbr></th>`)}
    <th scope="col" class="number">${last}</th></tr></thead>`;
}

function Legend() {
  return html`<p class="small quiet offer-legend">${PROOFS.map((proof) => html`<span key=${proof}><b>${proof}</b> ${t(`proof.${proof}`)}</span>`)}</p>`;
}

/** `scenes`: the rules in force; `profile`: what the place offers. */
export function Offers({ profile, scenes }) {
  const known = new Map(scenes.map((scene) => [String(scene.number), scene]));
  if (Object.keys(profile.scenes).length === 0) return html`<${Empty} icon="leaf" title=${t('venue.no_offers')}>${t('venue.no_offers.text')}<//>`;
  return html`<div class="offers-box"><table class="offers"><caption class="visually-hidden">${t('venue.offers')}</caption><${Head} last=${t('field.max_quantity')} />
    <tbody>${Object.entries(profile.scenes).map(([number, offer]) => {
      const { name = t('change.scene', { number }), icon = 'leaf', unit = 'piece' } = known.get(number) ?? {};
      return html`<tr key=${number}><th scope="row"><span class="scene-name"><${Icon} name=${icon} small /><span>${name}</span></span></th>
        ${PROOFS.map((proof) => html`<td key=${proof} class="offer-proof">${offer.proofs.includes(proof) ? html`<${Icon} name="check" small label=${t('detail.yes')} />` : ''}</td>`)}
        <td class="number">${wholeText(offer.max_quantity, unit)} <span class="quiet">${unitName(unit, offer.max_quantity)}</span></td></tr>`;
    })}</tbody></table></div><${Legend} />`;
}

function OfferRow({ edit, scene }) {
  const fields = offerFields(scene.number);
  const proofs = edit.bind(fields.proofs);
  const most = edit.bind(fields.most);
  const offered = proofs.value.length > 0;
  const turn = () => edit.change((form) => ({ ...form, ...(offered ? { [fields.proofs]: [], [fields.most]: '' } : usualOffer(scene)) }));
  const turnProof = (proof) => proofs.set(proofs.value.includes(proof) ? proofs.value.filter((one) => one !== proof) : [...proofs.value, proof]);
  const unit = unitName(scene.unit, 2);
  return html`<tr class=${offered ? '' : 'not-offered'}>
    <th scope="row"><label class="offer-scene"><input type="checkbox" checked=${offered} onChange=${turn} />
      <span class="scene-name"><${Icon} name=${scene.icon} small /><span>${scene.name}</span></span></label></th>
    ${PROOFS.map((proof) => html`<td key=${proof} class="offer-proof"><input type="checkbox" disabled=${!offered} checked=${proofs.value.includes(proof)}
      aria-label=${`${scene.name} · ${proof} ${t(`proof.${proof}`)}`} onChange=${() => turnProof(proof)} /></td>`)}
    <td class="number">${offered && html`<span class="amount"><input inputmode="decimal" data-field=${fields.most} aria-label=${`${scene.name} · ${t('field.max_quantity')}`} aria-invalid=${Boolean(most.error)} value=${most.value} onInput=${most.onInput} />
      <span class="quiet">${unit}</span></span>${most.error && html`<span class="field-error">${most.error}</span>`}`}</td></tr>`;
}

/** `all`: every scene is shown at first, not only what the place offers. */
export function OffersEditor({ edit, scenes, all: everything = false }) {
  const [all, setAll] = useState(everything);
  const [first] = useState(() => new Set(scenes.filter(({ number }) => edit.form[offerFields(number).proofs].length > 0).map(({ number }) => number)));
  const shown = all ? scenes : scenes.filter(({ number }) => first.has(number));
  return html`<section class="card stack"><header class="row spread"><h2>${t('venue.offers')}</h2>
      <label class="choice"><input type="checkbox" checked=${all} onChange=${() => setAll(!all)} /><span>${t('venue.show_all')}</span></label></header>
    <div class="offers-box"><table class="offers"><caption class="visually-hidden">${t('venue.offers')}</caption><${Head} last=${t('field.max_quantity')} />
      <tbody>${shown.map((scene) => html`<${OfferRow} key=${scene.number} edit=${edit} scene=${scene} />`)}</tbody></table></div><${Legend} />
  </section>`;
}
