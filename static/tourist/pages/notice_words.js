/** The words of the terms and of the privacy notice: on a page of their own, and on a sheet where somebody is asked. */
import { html, useLoaded, useState } from '../../shared/js/view.js';
import { Button, Failed, Loading, Sheet } from '../../shared/js/components.js';
import { language, t } from '../../shared/js/i18n.js';
import { loadNotice, NOTICES } from '../models/consents.js';

/** All of a notice. It is part of the app, so it is here without signal too. */
export function NoticeWords({ notice }) {
  const { state, value, error, again } = useLoaded(() => loadNotice(notice), [notice, language()]);
  return html`
    ${state === 'loading' && html`<${Loading} />`}
    ${state === 'failed' && html`<${Failed} error=${{ ...error, code: 'unreachable' }} onRetry=${again} />`}
    ${value && html`<article class="notice">
      <p class="small quiet">${t('notice.version', { version: value.version, day: value.from })}</p>
      ${value.sections.map((section) => html`<section key=${section.heading}>
        <h2>${section.heading}</h2>
        ${section.text.map((paragraph) => html`<p key=${paragraph}>${paragraph}</p>`)}
      </section>`)}
    </article>`}`;
}

/** A link to each notice; its words come up on a sheet, so that nobody loses what they were about to agree to. */
export function NoticeLinks() {
  const [open, setOpen] = useState(null);
  const close = () => setOpen(null);
  return html`<p class="notice-links">
      ${NOTICES.map((notice) => html`<button key=${notice} type="button" class="link-button legal" onClick=${() => setOpen(notice)}>
        ${t(`notice.${notice}`)}</button>`)}
    </p>
    <${Sheet} open=${open !== null} label=${open ? t(`notice.${open}`) : ''} onClose=${close}>
      <h2 class="notice-title">${open && t(`notice.${open}`)}</h2>
      ${open && html`<${NoticeWords} notice=${open} />`}
      <div class="dialog-actions"><${Button} kind="main" wide onClick=${close}>${t('action.close')}<//></div>
    <//>`;
}
