/** The editor of a scene: every field of its rule, and beside it what the change would do. */
import { html, useRef } from '../../shared/js/view.js';
import { Button } from '../../shared/js/components.js';
import { t } from '../../shared/js/i18n.js';
import { go } from '../../shared/js/router.js';
import { factorDocuments } from '../models/factor_form.js';
import { documentOf, slugOf } from '../models/scene_form.js';
import { LENGTHS, troublesOf } from '../models/scene_troubles.js';
import { BothLanguages } from './both_languages.js';
import { useEditing } from './editing.js';
import { Amount } from './entry_fields.js';
import { FoundDraft, LeavingGuard } from './leaving.js';
import { SceneFactors } from './scene_factors.js';
import { Limits, Look, People } from './scene_limits.js';
import { SceneVariants } from './scene_variants.js';
import { SendPanel } from './send_panel.js';
import { sendingKeys, useSending } from './sending.js';

function Texts({ edit, fresh }) {
  const slug = edit.bind('slug');
  const suggested = fresh && !slug.value && slugOf(edit.form.name_en);
  return html`<section class="card stack"><h2>${t('scene.texts')}</h2>
    <${BothLanguages} edit=${edit} field="name" label=${t('field.name')} limit=${LENGTHS.name} />
    ${fresh && html`<div class="fields-row"><${Amount} edit=${edit} field="slug" label=${t('field.slug')} note=${t('field.slug.note')} />
      ${suggested && html`<${Button} kind="quiet" onClick=${() => slug.set(suggested)}>${t('field.slug.take', { slug: suggested })}<//>`}</div>`}
    <${BothLanguages} edit=${edit} field="how" label=${t('field.how')} limit=${LENGTHS.how} rows="3" />
    <${BothLanguages} edit=${edit} field="note" label=${t('field.note')} limit=${LENGTHS.note} rows="4" />
  </section>`;
}

/**
 * `first` is the form to begin with; `preview(change)` and `send(change)` ask the server; `known` is what `readFactors` answers;
 * `fresh`: a scene that was not there; `draft` names what is kept of it.
 */
export function SceneEditor({ draft, first, known, fresh = false, preview: ask, send, word }) {
  const edit = useEditing({ name: draft, first: useRef(first).current, check: (form) => troublesOf(form, known.factors) });
  const document = () => documentOf(edit.form);
  const whole = (change) => {
    const factors = factorDocuments(edit.form, known);
    return factors.length > 0 ? { ...change, factors } : change;
  };
  const sending = useSending({ edit, document, ask: (change) => ask(whole(change)), send: (change) => send(whole(change)), onSent: () => go('scenes', edit.form.slug.trim(), { replace: true }) });
  return html`<div class="editor" onKeyDown=${sendingKeys(sending.submit)}>
    <form class="stack" onSubmit=${(event) => event.preventDefault()}>
      <${FoundDraft} edit=${edit} />
      <${Texts} edit=${edit} fresh=${fresh} />
      <${SceneVariants} edit=${edit} factors=${known.factors} fresh=${fresh} />
      <${SceneFactors} edit=${edit} known=${known} />
      <${Limits} edit=${edit} groups=${known.groups} />
      <${People} edit=${edit} />
      <${Look} edit=${edit} />
    </form>
    <${SendPanel} edit=${edit} sending=${sending} context=${{ document: document() }} word=${word} onSend=${sending.submit} />
    <${LeavingGuard} unsaved=${edit.unsaved} onLeave=${edit.drop} />
  </div>`;
}
