/** An act that may be refused: while it goes on, and why it did not go. */
import { html, useState } from './view.js';
import { Icon } from './components.js';
import { t } from './i18n.js';

/** Follows an act: {busy, trouble, error, run(promise maker)}; `run` answers null when it was refused. */
export function useAct() {
  const [state, setState] = useState({ busy: false, trouble: '', error: null });
  const run = async (act) => {
    setState({ busy: true, trouble: '', error: null });
    try {
      const answer = await act();
      setState({ busy: false, trouble: '', error: null });
      return answer ?? true;
    } catch (error) {
      setState({ busy: false, trouble: error.detail || t('act.offline'), error });
      return null;
    }
  };
  return { ...state, run };
}

/** Why it did not go. */
export function Trouble({ text }) {
  return text ? html`<p class="field-error" role="alert"><${Icon} name="alert-triangle" small />${text}</p>` : null;
}
