/** The decision: exactly what will be decided, who asked, why, the differences and examples; then yes or no. */
import { html, useLoaded, useState } from '../../shared/js/view.js';
import { Button, Dialog, Icon, toast } from '../../shared/js/components.js';
import { dayTime } from '../../shared/js/format.js';
import { language, t } from '../../shared/js/i18n.js';
import { Trouble, useAct } from '../../shared/js/acting.js';
import { approveVersion, readInForce, rejectVersion } from '../models/versions.js';
import { examplesOf } from '../models/scene_examples.js';
import { refreshWaiting } from '../models/waiting.js';
import { Changes, isFresh } from './changes.js';
import { Facts } from './drawer.js';
import { Examples } from './examples.js';
import { fullMoment } from './moments.js';
import { Reason } from './reason.js';
import { SceneRule } from './scene_rule.js';
import { personName } from './version_badge.js';

function Evidence({ subject, version }) {
  const { value: now } = useLoaded(() => readInForce(subject.path), [version.version]);
  const examples = now && version.document.variants ? examplesOf(now.inForce, version, language()) : [];
  const costs = version.changes.filter((change) => change.costs).length;
  return html`
    <${Facts} facts=${[
      [t('decide.starts'), fullMoment(version.starts_at)],
      [t('decide.asked_by'), `${personName(version.asked_by)} · ${dayTime(version.asked_at)}`],
      [t('decide.reason'), version.reason],
    ]} />
    <section class="stack-tight"><h3 class="drawer-title">${t('preview.changes')}</h3>
      ${costs > 0 && !isFresh(version.changes) && html`<p class="costs-note with-icon"><${Icon} name="award" small />${t('decide.costs', { count: costs })}</p>`}
      ${isFresh(version.changes)
        ? html`<p>${t('preview.fresh')}</p><div class="stack whole-rule"><${SceneRule} document=${version.document} factors=${version.factors} /></div>`
        : html`<${Changes} changes=${version.changes} context=${{ ...subject.context, document: version.document }} />`}</section>
    ${examples.length > 0 && html`<${Examples} examples=${examples} unit=${version.document.variants?.[0]?.unit} />`}
    <p class="legal">${t('decide.exactly', { payload: String(version.payload).slice(0, 12) })}</p>`;
}

export function DecisionDialog({ subject, version, onClose, onDone }) {
  const [rejecting, setRejecting] = useState(false);
  const [reason, setReason] = useState('');
  const { busy, trouble, run } = useAct();
  const settle = (act, word, icon) => async () => {
    if (!(await run(act))) return;
    toast(t(word), icon);
    refreshWaiting();
    onClose();
    onDone();
  };
  const approve = settle(() => approveVersion(subject.path, version), 'decide.approved', 'circle-check');
  const reject = settle(() => rejectVersion(subject.path, version, reason.trim()), 'decide.rejected', 'ban');
  const yesOrNo = html`
    <${Button} kind="main" icon="check" busy=${busy} onClick=${approve}>${version.title ? t('decide.approve_it') : t('decide.approve', { version: version.version })}<//>
    <${Button} kind="danger" icon="ban" onClick=${() => setRejecting(true)}>${t('decide.reject')}<//>
    <${Button} kind="plain" onClick=${onClose}>${t('decide.later')}<//>`;
  const whyNot = html`
    <${Button} kind="danger-full" icon="ban" busy=${busy} disabled=${!reason.trim()} onClick=${reject}>${t('decide.reject_now')}<//>
    <${Button} kind="plain" onClick=${() => setRejecting(false)}>${t('action.back')}<//>`;
  return html`<${Dialog} look="dialog dialog-wide" open title=${version.title ? `${subject.name} · ${version.title}` : t('decide.title', { name: subject.name, version: version.version })} onClose=${onClose}
    actions=${html`<${Trouble} text=${trouble} /><div class="row">${rejecting ? whyNot : yesOrNo}</div>`}>
    <${Evidence} subject=${subject} version=${version} />
    ${rejecting && html`<${Reason} label=${t('decide.why_not')} value=${reason} onInput=${setReason} focused />`}
  <//>`;
}
