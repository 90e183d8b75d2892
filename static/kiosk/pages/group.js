/** The live group code: thirty people scan it from where they stand, nobody has to touch anything. */
import { html } from '../../shared/js/view.js';
import { inLanguage, t } from '../../shared/js/i18n.js';
import { signedPoints } from '../../shared/js/format.js';
import { Icon } from '../../shared/js/components.js';
import { Earned } from './offer.js';

function SceneKeys({ scenes, scene, onChoose }) {
  if (scenes.length < 2) return null;
  const choose = (event, number) => { event.stopPropagation(); onChoose(number); };
  return html`
    <div class="group-keys" role="group" aria-label=${t('kiosk.group_which')}>
      ${scenes.map((each) => html`
        <button type="button" key=${each.number} aria-pressed=${each === scene} onClick=${(event) => choose(event, each.number)}>
          <${Icon} name=${each.icon} /><span>${inLanguage(each.name)} <b>${signedPoints(each.points)}</b></span>
        </button>`)}
    </div>`;
}

function Picture({ standing, scene }) {
  if (standing.code && standing.scene === scene.number) {
    return html`<img class="qr" src=${standing.code.qr} alt=${t('kiosk.group_alt', { scene: inLanguage(scene.name) })} />`;
  }
  const refused = standing.refused;
  return html`<p class="qr qr-absent" role="status"><${Icon} name=${refused ? 'wifi-off' : 'qrcode'} />
    ${t(refused ? 'kiosk.group_absent' : 'kiosk.one_moment')}</p>`;
}

export function GroupCode({ scenes, scene, standing, onChoose }) {
  return html`
    <section class="group-code">
      <${SceneKeys} scenes=${scenes} scene=${scene} onChoose=${onChoose} />
      <div class="qr-card">
        <div class="group-what"><${Icon} name=${scene.icon} /><strong>${inLanguage(scene.name)}</strong><${Earned} scene=${scene} /></div>
        <${Picture} standing=${standing} scene=${scene} />
        <p class="scan-me"><${Icon} name="scan" />${t('kiosk.scan_me')}<span class="scan-other" lang=${t('kiosk.begin_other_lang')}>${t('kiosk.scan_me_other')}</span></p>
      </div>
    </section>`;
}
