/** What the guest did: big buttons, how many, and what a room or a record has to say. */
import { html, useStore } from '../../shared/js/view.js';
import { Button, Field, Icon } from '../../shared/js/components.js';
import { points } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { change, choices, chosen, isComplete, LINES_MAX, turn } from '../models/till.js';
import { startReading } from '../models/acts.js';

const ROOM_MAX = 8;
const RECORD_MAX = 200;

function Amount({ scene, variant, line }) {
  const set = (quantity) => change(scene, variant, { quantity: Math.max(variant.min_quantity, Math.min(variant.max_quantity, quantity)) });
  const step = scene.whole_unit;
  if (variant.max_quantity < 2 * step && variant.min_quantity >= step) return null;
  if (step > 1) {
    const typed = (event) => change(scene, variant, { quantity: Math.round(Number(event.target.value.replace(',', '.')) * step) || 0 });
    return html`<${Field} label=${t('acts.amount', { unit: t(`unit.${scene.unit}`, { count: 2 }) })} inputmode="decimal" autocomplete="off"
      value=${line.quantity / step} onChange=${typed} />`;
  }
  return html`<div class="act-amount"><${Button} aria-label=${t('acts.less')} disabled=${line.quantity <= variant.min_quantity} onClick=${() => set(line.quantity - 1)}><${Icon} name="minus" /><//>
    <output>${line.quantity} ${t(`unit.${scene.unit}`, { count: line.quantity })}</output>
    <${Button} aria-label=${t('acts.more')} disabled=${line.quantity >= variant.max_quantity} onClick=${() => set(line.quantity + 1)}><${Icon} name="plus" /><//></div>`;
}

function More({ scene, variant, line }) {
  const enter = (name) => (event) => change(scene, variant, { [name]: event.target.value });
  return html`<div class="act-more">
    <${Amount} scene=${scene} variant=${variant} line=${line} />
    ${scene.needs_room && html`<${Field} label=${t('acts.room')} value=${line.room ?? ''} maxlength=${ROOM_MAX} autocomplete="off" onInput=${enter('room')} />`}
    ${scene.needs_record && html`<${Field} label=${t('acts.record')} note=${t('acts.record.note')} value=${line.record ?? ''} maxlength=${RECORD_MAX} autocomplete="off" onInput=${enter('record')} />`}
  </div>`;
}

function Choice({ scene, variant, many, lines }) {
  const line = lines.find((each) => each.scene === scene.id && each.variant === variant.number);
  const full = !line && lines.length >= LINES_MAX;
  return html`<li class=${`act ${line ? 'act-chosen' : ''}`}>
    <button type="button" class="act-button" aria-pressed=${Boolean(line)} disabled=${full} onClick=${() => turn(scene, variant)}>
      <${Icon} name=${line ? 'circle-check' : scene.icon} />
      <span class="act-name">${scene.name}${many && html`<small>${variant.name}</small>`}</span>
      <span class="act-points figures">+${points(variant.points)}</span>
    </button>
    ${line && html`<${More} scene=${scene} variant=${variant} line=${line} />`}
  </li>`;
}

export function ActChoice() {
  const lines = useStore(chosen);
  return html`<section class="stack-tight" aria-labelledby="acts-choose">
    <h2 id="acts-choose">${t('acts.choose')}</h2>
    <ul class="act-grid">${choices().map(({ scene, variant, many }) => html`<${Choice} key=${`${scene.id}/${variant.number}`} scene=${scene} variant=${variant} many=${many} lines=${lines} />`)}</ul>
    <div class="act-go"><${Button} kind="main" wide class="redeem" icon="scan" disabled=${!isComplete(lines)} onClick=${startReading}>
      ${lines.length ? t('acts.read', { count: lines.length }) : t('acts.choose_first')}<//></div>
  </section>`;
}
