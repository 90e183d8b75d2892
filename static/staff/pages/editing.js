/** The state of an editor: what is written, and what is wrong with it. */
import { useMemo, useState } from '../../shared/js/view.js';
import { draftOf, dropDraft, keepDraft } from '../models/drafts.js';
import { valueAt, withValue } from '../models/scene_form.js';
import { refusedFields } from '../models/versions.js';
import { troubleWords } from './field_troubles.js';

/**
 * `first` is the form before anything was written, `check(form)` the troubles found here, `name` that of its draft.
 * Answers {form, troubles, refused, change(function of the form), bind(field), error(field), unsaved, found: from a draft,
 * reset(), drop(): the draft, showAll(): troubles of fields nobody touched, refuse(error of the server)}.
 */
export function useEditing({ name, first, check }) {
  const [kept] = useState(() => draftOf(name));
  const [form, setForm] = useState(kept ?? first);
  const [written, setWritten] = useState({ fields: new Set(), all: false });
  const [refused, setRefused] = useState({});
  const troubles = useMemo(() => check(form), [form]);
  const unsaved = form !== first;
  const change = (next) => setForm((before) => {
    const after = next(before);
    keepDraft(name, after);
    return after;
  });
  const put = (field) => (value) => {
    change((before) => withValue(before, field, value));
    setWritten((before) => ({ ...before, fields: new Set([...before.fields, field]) }));
    setRefused(({ [field]: _, ...others }) => others);
  };
  const error = (field) => troubleWords((written.all || written.fields.has(field) ? troubles[field] : null) ?? refused[field]);
  const bind = (field) => ({ value: valueAt(form, field), error: error(field), set: put(field), onInput: (event) => put(field)(event.target.value) });
  const reset = () => { dropDraft(name); setForm(first); setWritten({ fields: new Set(), all: false }); setRefused({}); };
  return {
    form, troubles, refused, change, bind, error, unsaved, found: kept !== null, reset, drop: () => dropDraft(name),
    showAll: () => setWritten((before) => ({ ...before, all: true })), refuse: (answer) => setRefused(refusedFields(answer)),
  };
}

/** Puts the cursor into the first field of the page that is wrong. */
export function goToTrouble() {
  const field = document.querySelector('[aria-invalid="true"], [data-field]:has(.field-error)');
  field?.closest('details')?.setAttribute('open', '');
  field?.scrollIntoView({ block: 'center' });
  field?.focus({ preventScroll: true });
}
