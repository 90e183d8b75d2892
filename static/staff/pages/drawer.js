/** A drawer at the right with the details of one row; Escape or a touch beside it closes it. */
import { html, useLayoutEffect, useRef } from '../../shared/js/view.js';
import { Icon } from '../../shared/js/components.js';
import { t } from '../../shared/js/i18n.js';

export function Drawer({ title, onClose, children }) {
  const box = useRef(null);
  useLayoutEffect(() => { box.current.showModal(); }, []);
  const beside = (event) => event.target === box.current && onClose();
  return html`
    <dialog ref=${box} class="drawer" aria-label=${title} onCancel=${onClose} onClick=${beside}>
      <div class="drawer-inside">
        <button type="button" class="drawer-close" onClick=${onClose} aria-label=${t('action.close')}><${Icon} name="x" /></button>
        ${children}
      </div>
    </dialog>`;
}

/** Facts as pairs; those without a value are left out. */
export function Facts({ facts }) {
  return html`<dl class="facts">
    ${facts.filter(([, value]) => value !== null && value !== undefined && value !== '').map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}
  </dl>`;
}
