/** The end of an editor: what the change would do, when it starts, why it is made, and the sending itself. */
import { useEffect, useRef, useState } from '../../shared/js/view.js';
import { toast } from '../../shared/js/components.js';
import { t } from '../../shared/js/i18n.js';
import { useAct } from '../../shared/js/acting.js';
import { startOf, usualStart } from '../models/starts.js';
import { refreshWaiting } from '../models/waiting.js';
import { goToTrouble } from './editing.js';
import { startMoment } from './start_choice.js';

const QUIET_MILLISECONDS = 450;   // so long nobody has typed
const NOTHING = { value: null, busy: false, error: null };

/** The server's preview of the form as it stands, asked again when nobody has typed for a moment. */
function useLivePreview({ edit, document, ask, startOfPreview }) {
  const [preview, setPreview] = useState(NOTHING);
  const turn = useRef(0);
  const wanted = edit.unsaved && Object.keys(edit.troubles).length === 0;
  const startsAt = startOfPreview(preview.value);
  useEffect(() => {
    const mine = (turn.current += 1);
    const settle = (next, refusal) => {
      if (mine !== turn.current) return;
      setPreview({ ...NOTHING, ...next });
      edit.refuse(refusal);
    };
    if (!wanted) { setPreview(NOTHING); return undefined; }
    setPreview((before) => ({ ...before, busy: true }));
    const look = () => ask({ document: document(), starts_at: startsAt }).then((value) => settle({ value }, {}), (error) => settle({ error }, error));
    const timer = setTimeout(look, QUIET_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [edit.form, wanted, startsAt]);
  return preview;
}

/**
 * `document()` is what the form says, `ask(change)` previews it, `send(change)` asks for it, `onSent(version)` follows.
 * Answers {preview, start, setStart, reason, setReason, reasonError, busy, trouble, submit}.
 */
export function useSending({ edit, document, ask, send, onSent }) {
  const [reason, setReason] = useState('');
  const [chosen, setStart] = useState(null);
  const [tried, setTried] = useState(false);
  const { busy, trouble, run } = useAct();
  const startFor = (value) => chosen ?? usualStart(value?.second_person);
  const startOfPreview = (value) => (startFor(value).kind === 'soon' || startOf(startFor(value), Date.now()) === null ? null : startMoment(startFor(value), true));
  const preview = useLivePreview({ edit, document, ask, startOfPreview });
  const start = startFor(preview.value);
  const ready = !busy && preview.value && !preview.busy && reason.trim() && startOf(start, Date.now()) !== null;
  const sent = () => send({ document: document(), starts_at: startMoment(start, preview.value.second_person), reason: reason.trim() })
    .catch((error) => { edit.refuse(error); throw error; });
  const [pressed, setPressed] = useState(false);
  const go = async () => {
    const made = ready && await run(sent);
    if (!made) { setTimeout(goToTrouble); return; }
    edit.drop();
    toast(t(made.state === 'asked' ? 'ask.asked' : 'ask.done'));
    refreshWaiting();
    onSent(made);
  };
  // Whoever presses while the preview is on its way sends what the preview is about to show.
  useEffect(() => {
    if (!pressed || preview.busy) return;
    setPressed(false);
    go();
  }, [pressed, preview.busy]);
  const submit = () => {
    setTried(true);
    edit.showAll();
    setPressed(true);
  };
  return { preview, reason, setReason, start, setStart, busy: busy || pressed, trouble, reasonError: tried && !reason.trim() ? t('trouble.empty') : '', submit };
}

/** Ctrl+Enter sends from wherever the cursor is. */
export function sendingKeys(submit) {
  return (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key !== 'Enter') return;
    event.preventDefault();
    submit();
  };
}
