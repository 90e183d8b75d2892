/** The notices have other words than those that were agreed to: asked once more, in front of everything else. */
import { html, useEffect, useState, useStore } from '../../shared/js/view.js';
import { Button, Dialog, toast } from '../../shared/js/components.js';
import { Trouble, useAct } from '../../shared/js/acting.js';
import { Unreachable } from '../../shared/js/api.js';
import { t } from '../../shared/js/i18n.js';
import { go } from '../../shared/js/router.js';
import { checkConsent, consentDue, giveConsent } from '../models/consents.js';
import { NoticeLinks } from './notice_words.js';

export function ConsentAgain() {
  const due = useStore(consentDue);
  const [later, setLater] = useState(false);
  const { busy, trouble, error, run } = useAct();
  useEffect(() => { checkConsent().catch(() => {}); }, []);   // asked again at the next opening
  const agree = async () => {
    if (await run(giveConsent)) toast(t('consent.done'));
  };
  const refuse = () => { setLater(true); go('consents'); };
  return html`<${Dialog} open=${due.length > 0 && !later} title=${t('consent.again')} onClose=${refuse} actions=${html`
      <${Button} kind="main" wide busy=${busy} onClick=${agree}>${t('consent.agree')}<//>
      ${error instanceof Unreachable && html`<${Button} wide onClick=${() => setLater(true)}>${t('consent.later')}<//>`}
      <${Button} kind="quiet" wide onClick=${refuse}>${t('consent.refuse')}<//>`}>
    <p>${t('consent.again.text')}</p>
    <${NoticeLinks} />
    <${Trouble} text=${trouble} />
  <//>`;
}
