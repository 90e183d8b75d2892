/**
 * What this till may confirm, and what is chosen for the next guest. The choice stays for the guest after: at noon a
 * canteen confirms the same act a hundred times.
 */
import { createStore } from '../../shared/js/view.js';
import { keep, keptValue } from '../../shared/js/kept.js';
import { api } from './session.js';

export const LINES_MAX = 8;
const KEPT_AS = 'counter.acts.chosen';

/** [{id, name, icon, unit, whole_unit, needs_room, needs_record, variants}] or null while nobody has answered. */
export const scenes = createStore(null);
/** What is chosen: [{scene, variant, quantity in code units, room, record}]. */
export const chosen = createStore(keptValue(KEPT_AS, []));

/** Ask what the till may confirm; what is not offered any more leaves the choice. Without signal the last answer stays. */
export async function refreshTill() {
  const { data } = await api.get('merchant/scenes');
  scenes.set(data);
  store((lines) => lines.filter(({ scene, variant }) => variantOf(scene, variant)));
}

/** One button each: a scene, or a variant of it where there are several. */
export function choices() {
  return (scenes.get() ?? []).flatMap((scene) => scene.variants.map((variant) => ({ scene, variant, many: scene.variants.length > 1 })));
}

export function sceneOf(id) {
  return (scenes.get() ?? []).find((scene) => scene.id === id) ?? null;
}

function variantOf(id, number) {
  return sceneOf(id)?.variants.find((variant) => variant.number === number) ?? null;
}

function store(change) {
  chosen.set(change);
  // Rooms and records belong to one guest.
  keep(KEPT_AS, chosen.get().map(({ room: _room, record: _record, ...line }) => line));
}

function same(scene, variant) {
  return (line) => line.scene === scene.id && line.variant === variant.number;
}

/** Choose it, or leave it out again; at most eight. */
export function turn(scene, variant) {
  const quantity = Math.max(variant.min_quantity, Math.min(scene.whole_unit, variant.max_quantity));
  store((lines) => {
    if (lines.some(same(scene, variant))) return lines.filter((line) => !same(scene, variant)(line));
    return lines.length < LINES_MAX ? [...lines, { scene: scene.id, variant: variant.number, quantity }] : lines;
  });
}

/** Change quantity, room or record of a chosen line. */
export function change(scene, variant, changes) {
  store((lines) => lines.map((line) => (same(scene, variant)(line) ? { ...line, ...changes } : line)));
}

/** Whether every chosen line says what it has to. */
export function isComplete(lines) {
  return lines.length > 0 && lines.every((line) => {
    const [scene, variant] = [sceneOf(line.scene), variantOf(line.scene, line.variant)];
    if (!scene || !variant || !(line.quantity >= variant.min_quantity && line.quantity <= variant.max_quantity)) return false;
    return (!scene.needs_room || line.room?.trim()) && (!scene.needs_record || line.record?.trim());
  });
}

/** After a guest: what belonged to that guest alone goes. Answers whether the choice is still complete. */
export function nextGuest() {
  store((lines) => lines.map(({ room: _room, record: _record, ...line }) => line));
  return isComplete(chosen.get());
}

/** The lines as the server takes them. */
export function linesToSend() {
  return chosen.get().map(({ room, record, ...line }) => ({ ...line, ...(room?.trim() && { room: room.trim() }), ...(record?.trim() && { record: record.trim() }) }));
}
