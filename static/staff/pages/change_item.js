/** The page that changes an item, and the page that proposes a new one. */
import { html, useLoaded, useRef } from '../../shared/js/view.js';
import { Failed, Loading } from '../../shared/js/components.js';
import { t } from '../../shared/js/i18n.js';
import { go, to } from '../../shared/js/router.js';
import { DESCRIPTION_MAX, emptyItemForm, itemDocument, itemForm, itemTroubles, NAME_MAX } from '../models/item_form.js';
import { createItem, previewItem, readItem } from '../models/items.js';
import { readMerchants } from '../models/merchants.js';
import { askVersion, previewVersion } from '../models/versions.js';
import { BothLanguages } from './both_languages.js';
import { useEditing } from './editing.js';
import { Amount, Select, Tick } from './entry_fields.js';
import { IconChoice } from './icon_choice.js';
import { FoundDraft, LeavingGuard, Waits } from './leaving.js';
import { ConsolePage } from './rail.js';
import { SendPanel } from './send_panel.js';
import { sendingKeys, useSending } from './sending.js';

function Words({ edit, merchants }) {
  const merchant = edit.bind('merchant');
  const icon = edit.bind('icon');
  return html`<section class="card stack"><h2>${t('item.words')}</h2>
    ${merchants && html`<${Select} label=${t('column.merchant')} field="merchant" options=${[['', t('item.choose_merchant')], ...merchants.map((one) => [one.id, one.name])]}
      value=${merchant.value} error=${merchant.error} onChange=${merchant.set} />`}
    <${BothLanguages} edit=${edit} field="name" label=${t('field.name')} limit=${NAME_MAX} />
    <${BothLanguages} edit=${edit} field="description" label=${t('field.description')} limit=${DESCRIPTION_MAX} rows="2" />
    <${IconChoice} value=${icon.value} onChange=${icon.set} /></section>`;
}

function Terms({ edit }) {
  const active = edit.bind('active');
  return html`<section class="card stack"><h2>${t('item.terms')}</h2>
    <div class="fields-row"><${Amount} edit=${edit} field="points" label=${t('field.points')} unit=${t('field.points.unit')} />
      <${Amount} edit=${edit} field="settlement_fen" label=${t('field.settlement_fen')} unit=${t('field.settlement_fen.unit')} note=${t('field.settlement_fen.note')} />
      <${Amount} edit=${edit} field="limit_per_person" label=${t('field.limit_per_person')} unit=${t('item.pieces')} note=${t('field.limit_per_person.note')} />
      <${Amount} edit=${edit} field="position" label=${t('field.position')} note=${t('field.position.note')} /></div>
    <${Tick} label=${t('item.offered')} note=${t('item.offered.note')} value=${active.value} onChange=${active.set} /></section>`;
}

/** `ask` and `send` take {document, starts_at, reason?}; `merchants` only for a new one. */
function ItemEditor({ draft, first, merchants, ask, send, onSent }) {
  const start = useRef(first).current;
  const edit = useEditing({ name: draft, first: start, check: itemTroubles });
  const sending = useSending({ edit, document: () => itemDocument(edit.form), ask, send: (change) => send(change, edit.form), onSent });
  return html`<div class="editor" onKeyDown=${sendingKeys(sending.submit)}>
    <form class="stack" onSubmit=${(event) => event.preventDefault()}>
      <${FoundDraft} edit=${edit} /><${Terms} edit=${edit} /><${Words} edit=${edit} merchants=${merchants} />
    </form>
    <${SendPanel} edit=${edit} sending=${sending} context=${{ document: {} }} word="ask.do" onSend=${sending.submit} />
    <${LeavingGuard} unsaved=${edit.unsaved} onLeave=${edit.drop} />
  </div>`;
}

function Loaded({ loaded: { value, error, state, again }, children }) {
  if (state === 'failed') return html`<main class="console-page"><${Failed} error=${error} onRetry=${again} /></main>`;
  return value ? children(value) : html`<main class="console-page"><${Loading} /></main>`;
}

export function ChangeItem({ part }) {
  const path = `staff/items/${part}`;
  return html`<${Loaded} loaded=${useLoaded(() => readItem(part), [part])}>${({ item, versions }) => html`
    <${ConsolePage} title=${t('editor.title', { name: item.name })} note=${`${item.merchant.name} · v${item.version ?? '–'}`} back=${{ href: to('items', part), word: item.name }}>
      <${Waits} versions=${versions} />
      <${ItemEditor} key=${part} draft=${path} first=${itemForm(item)} ask=${(change) => previewVersion(path, change)} send=${(change) => askVersion(path, change)}
        onSent=${() => go('items', part, { replace: true })} /><//>`}<//>`;
}

export function NewItem() {
  return html`<${Loaded} loaded=${useLoaded(readMerchants)}>${(merchants) => html`
    <${ConsolePage} title=${t('items.new')} note=${t('editor.new.note')} back=${{ href: to('items'), word: t('items.title') }}>
      <${ItemEditor} draft="new-item" first=${emptyItemForm()} merchants=${merchants} ask=${previewItem} send=${(change, form) => createItem(form.merchant, change)}
        onSent=${(made) => go('items', made.id, { replace: true })} /><//>`}<//>`;
}
