/** The picture of a scene: one of our icons, chosen from a sheet. */
import { html, useState } from '../../shared/js/view.js';
import { Icon } from '../../shared/js/components.js';
import { t } from '../../shared/js/i18n.js';

/** Those of the sprite that can stand for something a person does. */
const ICONS = [
  'leaf', 'plant-2', 'tree', 'trees', 'flower', 'mountain', 'beach', 'sun', 'wind', 'world', 'ship', 'bus', 'bus-stop', 'car', 'car-garage', 'charging-pile', 'train', 'bike',
  'walk', 'trekking', 'luggage', 'map-pin', 'salad', 'meat-off', 'fish', 'soup', 'bowl', 'bowl-spoon', 'bowl-chopsticks', 'tools-kitchen', 'tools-kitchen-2', 'coffee', 'cup', 'bottle',
  'droplet', 'droplet-half-2', 'bath', 'bed', 'bed-flat', 'building-cottage', 'home', 'home-eco', 'hanger', 'brush', 'toilet-paper', 'wash', 'wash-machine',
  'air-conditioning', 'temperature', 'temperature-snow', 'bulb', 'bolt', 'plug', 'plug-off', 'solar-panel', 'recycle', 'trash', 'trash-x', 'weight', 'scale', 'shopping-bag', 'shopping-bag-check',
  'shopping-cart', 'paper-bag', 'shirt', 'arrows-exchange', 'gift', 'book', 'school', 'eye', 'camera', 'photo', 'heart-handshake', 'users', 'speakerphone', 'star', 'sparkles', 'award',
  'ticket', 'ticket-off', 'receipt', 'receipt-off', 'device-mobile', 'building-store', 'calendar',
];

export function IconChoice({ value, onChange }) {
  const [open, setOpen] = useState(false);
  const icons = ICONS.includes(value) ? ICONS : [value, ...ICONS];
  return html`<details class="icon-choice" open=${open} onToggle=${(event) => setOpen(event.currentTarget.open)}>
    <summary><span class="cell-lead"><${Icon} name=${value} /></span><span>${t('field.icon')}<small class="quiet">${value}</small></span></summary>
    <fieldset class="icon-sheet"><legend class="visually-hidden">${t('field.icon')}</legend>
      ${icons.map((name) => html`<label key=${name} title=${name}><input type="radio" name="icon" checked=${name === value} onChange=${() => onChange(name)} />
        <span><${Icon} name=${name} label=${name} /></span></label>`)}
    </fieldset>
  </details>`;
}
