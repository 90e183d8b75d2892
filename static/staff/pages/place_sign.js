/** The sign of a place, to print and hang up: its code opens the place and gives no points. */
import { html } from '../../shared/js/view.js';
import { Button } from '../../shared/js/components.js';
import { t } from '../../shared/js/i18n.js';
import { Trouble, useAct } from '../../shared/js/acting.js';
import { placeSign } from '../models/venues.js';
import { download } from './download.js';

export function PlaceSign({ id, name }) {
  const { busy, trouble, run } = useAct();
  const take = () => run(async () => download(`${t('sign.file')}_${name}.pdf`, await placeSign(id), 'application/pdf') ?? true);
  return html`<${Button} icon="qrcode" busy=${busy} onClick=${take}>${t('sign.print')}<//><${Trouble} text=${trouble} />`;
}
