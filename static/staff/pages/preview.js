/** What a change would do: differences, examples, whether a second person decides, and which plans it puts aside. */
import { html } from '../../shared/js/view.js';
import { Icon } from '../../shared/js/components.js';
import { t } from '../../shared/js/i18n.js';
import { Changes, isFresh } from './changes.js';
import { Examples } from './examples.js';
import { fullMoment } from './moments.js';

/** `context` as for `changeWords`; `context.examples` draws examples that are not those of a scene. */
export function Preview({ preview, context }) {
  const { changes, examples, second_person: secondPerson, puts_aside: aside = [] } = preview;
  return html`<div class="preview stack-tight">
    ${isFresh(changes) ? html`<p>${t('preview.fresh')}</p>` : html`<${Changes} changes=${changes} context=${context} />`}
    ${changes.length > 0 && html`${context.examples ? context.examples(examples ?? []) : html`<${Examples} examples=${examples ?? []} unit=${context.document.variants?.[0]?.unit} />`}
      <p class=${`preview-person ${secondPerson ? 'two' : 'one'}`}><${Icon} name=${secondPerson ? 'users' : 'user-check'} small />${t(secondPerson ? 'preview.two' : 'preview.one')}</p>`}
    ${aside.map(({ version, starts_at: start }) => html`<p key=${version} class="small amber with-icon"><${Icon} name="calendar" small />${t('preview.puts_aside', { version, moment: fullMoment(start) })}</p>`)}
  </div>`;
}
