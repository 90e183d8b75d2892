/** What waits beside the rule in force: who asked, why, what would change, and what this person can do about it. */
import { html, useState } from '../../shared/js/view.js';
import { Button, Icon, toast } from '../../shared/js/components.js';
import { dayTime } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { Trouble, useAct } from '../../shared/js/acting.js';
import { isMine, withdrawVersion } from '../models/versions.js';
import { Changes, isFresh } from './changes.js';
import { DecisionDialog } from './decision_dialog.js';
import { fullMoment } from './moments.js';
import { personName, VersionBadge } from './version_badge.js';

function Withdraw({ path, version, onDone }) {
  const [asked, setAsked] = useState(false);
  const { busy, trouble, run } = useAct();
  const withdraw = async () => {
    if (!(await run(() => withdrawVersion(path, version)))) return;
    toast(t('version.is_withdrawn'), 'arrow-back-up');
    onDone();
  };
  if (!asked) return html`<${Button} kind="line" icon="arrow-back-up" onClick=${() => setAsked(true)}>${t('version.withdraw')}<//>`;
  return html`<div class="asked stack-tight"><p>${t('version.withdraw.question')}</p><${Trouble} text=${trouble} />
    <div class="asked-answers"><${Button} kind="danger" busy=${busy} onClick=${withdraw}>${t('version.withdraw')}<//>
      <${Button} kind="plain" onClick=${() => setAsked(false)}>${t('action.cancel')}<//></div></div>`;
}

/** `can` is {decide, withdraw}: what the person's roles allow. */
export function WaitingCard({ subject, version, can, onDone }) {
  const [open, setOpen] = useState(false);
  const asked = version.state === 'asked';
  const fresh = isFresh(version.changes);
  const title = version.title ?? t(asked ? 'version.waits' : 'version.begins', { version: version.version });
  return html`<section class=${`card waiting-card waiting-${version.state}`} aria-label=${title}>
    <header class="row spread"><h2 class="with-icon"><${Icon} name=${asked ? 'hourglass' : 'calendar'} />${title}</h2><${VersionBadge} state=${version.state} /></header>
    ${version.starts_at !== null && html`<p class="waiting-start">${fullMoment(version.starts_at)}</p>`}
    ${asked && Date.parse(version.starts_at) <= Date.now() && html`<p class="amber with-icon small"><${Icon} name="alert-triangle" small />${t('version.start_passed')}</p>`}
    <p class="version-reason">${version.reason}</p>
    <p class="small quiet">${t('version.asked_by', { name: personName(version.asked_by), time: dayTime(version.asked_at) })}
      ${!asked && version.second_person && version.decided_by && html` · ${t('version.approved_by', { name: personName(version.decided_by), time: dayTime(version.decided_at) })}`}</p>
    ${fresh ? html`<p class="quiet">${t('preview.fresh')}</p>` : html`<${Changes} changes=${version.changes} context=${{ ...subject.context, document: version.document }} />`}
    <div class="row">
      ${asked && can.decide && !isMine(version) && html`<${Button} kind="main" icon="clipboard-check" onClick=${() => setOpen(true)}>${t('decide.review')}<//>`}
      ${asked && can.decide && isMine(version) && html`<p class="small quiet with-icon"><${Icon} name="users" small />${t('decide.own')}</p>`}
      ${asked && !can.decide && html`<p class="small quiet with-icon"><${Icon} name="users" small />${t('decide.other')}</p>`}
      ${asked && can.withdraw && isMine(version) && html`<${Withdraw} path=${subject.path} version=${version} onDone=${onDone} />`}
    </div>
    ${open && html`<${DecisionDialog} subject=${subject} version=${version} onClose=${() => setOpen(false)} onDone=${onDone} />`}
  </section>`;
}
