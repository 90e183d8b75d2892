/** Things that are shown once: a one-time password, recovery codes. */
import { html } from '../../shared/js/view.js';
import { Button, Icon, toast } from '../../shared/js/components.js';
import { dayTime } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';

/** A secret in large type with ways to take it along. `text` may have several lines; `printed` puts it on paper too. */
export function ShownOnce({ text, note, printed }) {
  const copy = () => navigator.clipboard?.writeText(text).then(() => toast(t('once.copied'), 'copy'), () => {});
  return html`<div class="shown-once stack-tight">
    <p class="shown-once-text">${text.split('\n').map((line) => html`<code key=${line}>${line}</code>`)}</p>
    <p class="small">${note}</p>
    <p class="shown-once-ways">
      ${navigator.clipboard && html`<${Button} kind="line" icon="copy" onClick=${copy}>${t('once.copy')}<//>`}
      ${printed && html`<${Button} kind="line" icon="printer" onClick=${() => print()}>${t('once.print')}<//>`}
    </p>
  </div>`;
}

/** The answer of adding a person or of a reset. */
export function OneTimePassword({ made }) {
  return html`<section class="stack-tight" role="status">
    <h3 class="with-icon"><${Icon} name="key" small /> ${t('once.title', { name: made.person.name })}</h3>
    <${ShownOnce} text=${made.password} note=${t('once.note', { until: dayTime(made.valid_until) })} />
  </section>`;
}

/** Ten codes that stand in for the authenticator. */
export function RecoveryCodes({ codes }) {
  return html`<${ShownOnce} text=${codes.join('\n')} note=${t('account.codes.keep')} printed />`;
}
