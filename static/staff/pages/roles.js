/** The roles: their names, and a choice of several. */
import { html } from '../../shared/js/view.js';
import { hasWords, t } from '../../shared/js/i18n.js';
import { ROLES } from '../models/people.js';

export function roleName(role) {
  return hasWords(`role.${role}`) ? t(`role.${role}`) : role;
}

/** Boxes to tick; `value` is the list of the chosen roles. */
export function RoleChoice({ value, onChange }) {
  const turn = (role) => onChange(value.includes(role) ? value.filter((each) => each !== role) : [...value, role]);
  return html`<fieldset class="choices">
    <legend>${t('column.roles')}</legend>
    ${ROLES.map((role) => html`<label class="choice" key=${role}>
      <input type="checkbox" checked=${value.includes(role)} onChange=${() => turn(role)} />
      <span><b>${roleName(role)}</b><small class="quiet">${t(`role.${role}.may`)}</small></span>
    </label>`)}
  </fieldset>`;
}
