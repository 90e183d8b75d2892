/** One notice: what happened, the items and acts it is about, who has looked, and the answer. */
import { html, useLoaded, useState } from '../../shared/js/view.js';
import { Button, Failed, Icon, Loading, toast } from '../../shared/js/components.js';
import { count, dayTime } from '../../shared/js/format.js';
import { language, t } from '../../shared/js/i18n.js';
import { to } from '../../shared/js/router.js';
import { Trouble, useAct } from '../../shared/js/acting.js';
import { answerNotice, openNotice, refreshUnseen } from '../models/notices.js';
import { may } from '../models/session.js';
import { Drawer, Facts } from './drawer.js';
import { ActLinks, itemName, ResultBadge } from './journal_words.js';
import { answerText, lookOf, NoticeBadge, NoticeKiosks, noticeName, noticePlace, noticeText } from './notice_words.js';
import { Reason } from './reason.js';

function About({ notice }) {
  const somewhere = notice.kiosk || notice.places.length > 0;
  return html`<${Facts} facts=${[
    [t('column.kiosk'), somewhere ? html`<${NoticeKiosks} notice=${notice} />` : null],
    [t('review.where'), somewhere ? noticePlace(notice) : null],
    [t('notice.raised'), dayTime(notice.raised_at)],
    [t('notice.silent_since'), notice.since && dayTime(notice.since)],
    [t('notice.counter'), notice.counter === null ? null : `${notice.epoch} / ${count(notice.counter)}`],
    [t('journal.boot'), notice.boots.length === 0 ? null : notice.boots.map((boot) => html`<a key=${boot} class="boot" href=${`${to('journal')}?boot=${boot}`}>${boot}</a> `)],
    [t('notice.seen_by'), notice.seen && `${notice.seen.by.name} · ${dayTime(notice.seen.at)}`],
  ]} />`;
}

function Items({ items }) {
  if (items.length === 0) return null;
  return html`<section class="stack-tight"><h3>${t('notice.items')}</h3><ul class="review-others">
    ${items.map((item) => html`<li key=${item.id}><p><a href=${to('journal', item.id)}>${itemName(item.kind)}</a> <${ResultBadge} kind=${item.kind} result=${item.result} /></p>
      <p class="small quiet">${t('journal.place', { kiosk: item.kiosk, seq: item.seq })} <span class="boot">${item.boot}</span></p></li>`)}</ul></section>`;
}

/** Who earned on one phone; the last of them waits. */
function Members({ members }) {
  if (members.length === 0) return null;
  return html`<section class="stack-tight"><h3>${t('notice.members')}</h3><ul class="review-others">
    ${members.map((member, index) => html`<li key=${member.id}><p>${may('staff_read_member') ? html`<a href=${to('members', member.id)}>${member.nickname}</a>` : member.nickname}</p>
      <p class="small quiet">${t(`kind.${member.kind}`)}${index === members.length - 1 && ` · ${t('notice.waits')}`}</p></li>`)}</ul></section>`;
}

function AnswerForm({ notice, onDone }) {
  const [note, setNote] = useState('');
  const { busy, trouble, run } = useAct();
  const send = async () => { if (await run(() => answerNotice(notice.id, note.trim()))) onDone(); };
  return html`<section class="stack-tight"><${Reason} label=${t('notice.note')} note=${t('notice.note.note')} value=${note} onInput=${setNote} />
    <${Trouble} text=${trouble} />
    <div class="review-deeds"><${Button} kind="main" icon="check" busy=${busy} disabled=${!note.trim()} onClick=${send}>${t('notice.answer_now')}<//></div></section>`;
}

function Answered({ notice }) {
  const { answered } = notice;
  return html`<section class="stack-tight"><h3>${t('notice.answer')}</h3><p class="version-reason review-answer">${answerText(notice)}
    <small class="quiet"> ${[answered.by?.name ?? t('notice.by_itself'), dayTime(answered.at)].join(' · ')}</small></p></section>`;
}

function Inside({ notice, onDone }) {
  const [tone, icon] = lookOf(notice.kind);
  return html`<header class="drawer-head"><span class=${`cell-lead tone-${tone}`}><${Icon} name=${icon} /></span>
      <div><p class="small quiet">${noticePlace(notice)}</p><h2 tabindex="-1" autofocus>${noticeName(notice.kind)}</h2></div></header>
    <p><${NoticeBadge} state=${notice.state} /></p>
    <p>${noticeText(notice)}</p>
    ${notice.state !== 'answered' && html`<p class="honest"><${Icon} name="info-circle" small /><span>${t(`notice.todo.${notice.kind}`)}</span></p>`}
    <${About} notice=${notice} /><${Members} members=${notice.members} /><${Items} items=${notice.items} /><${ActLinks} acts=${notice.acts} />
    ${notice.answered && html`<${Answered} notice=${notice} />`}
    ${!notice.answered && may('staff_answer_notice') && html`<${AnswerForm} notice=${notice} onDone=${onDone} />`}
    <p class="legal">${notice.id}</p>`;
}

export function NoticeDrawer({ id, onClose, onChanged }) {
  const { value, error, again } = useLoaded(() => openNotice(id), [id, language()]);
  const done = () => {
    toast(t('notice.was_answered'));
    refreshUnseen();
    onChanged();
    onClose();
  };
  return html`<${Drawer} title=${value ? noticeName(value.kind) : t('notices.title')} onClose=${onClose}>
    ${!value && !error && html`<${Loading} />`}
    ${!value && error && html`<${Failed} error=${error} onRetry=${again} />`}
    ${value && html`<${Inside} notice=${value} onDone=${done} />`}
  <//>`;
}
