/** An act that waits for somebody's look: what happens next, what the staff ask, and how it ended. */
import { html, useState } from '../../shared/js/view.js';
import { Button, Card, Field, Icon, toast } from '../../shared/js/components.js';
import { dayTime } from '../../shared/js/format.js';
import { t } from '../../shared/js/i18n.js';
import { Trouble, useAct } from '../../shared/js/acting.js';
import { answerQuestion } from '../models/history.js';

const ANSWER_LONGEST = 200;
/** What settles it, where that is nobody of the staff: the kiosk's own records, the other end of a walk. */
const SETTLED_BY = { clock_untrusted: 'by_itself', trail_half: 'half' };

/** What was asked, and what was answered, in the words of both. */
function Asked({ question }) {
  return html`<p><span class="small quiet">${t('activity.question')}</span><br /><strong>${question.text}</strong></p>
    ${question.answer && html`<p><span class="small quiet">${t('activity.answer')} · ${dayTime(question.answered_at)}</span><br />${question.answer}</p>`}`;
}

function Answering({ activity, onAnswered }) {
  const [text, setText] = useState('');
  const { busy, trouble, run } = useAct();
  const send = async () => {
    if (!(await run(() => answerQuestion(activity.id, text.trim())))) return;
    toast(t('activity.answered'), 'mail');
    onAnswered();
  };
  return html`<div class="stack-tight"><${Field} id="answer" label=${t('activity.answer')} note=${t('activity.answer.note', { most: ANSWER_LONGEST })}>
      <textarea id="answer" rows="3" maxlength=${ANSWER_LONGEST} value=${text} aria-describedby="answer-note" onInput=${(event) => setText(event.target.value)}></textarea><//>
    <${Trouble} text=${trouble} />
    <${Button} kind="main" wide icon="mail" busy=${busy} disabled=${!text.trim()} onClick=${send}>${t('activity.answer.send')}<//></div>`;
}

export function Waiting({ activity, onAnswered }) {
  const { question, reason } = activity;
  const open = question && !question.answer;
  const next = open ? 'asked' : SETTLED_BY[reason] || 'staff';
  return html`<${Card} class="activity-waiting"><h2><${Icon} name="hourglass" small /> ${t('activity.waiting')}</h2>
    <p>${t(`activity.waiting.${next}`)}</p>
    ${question && html`<${Asked} question=${question} />`}
    ${open && html`<${Answering} activity=${activity} onAnswered=${onAnswered} />`}<//>`;
}

/** After the decision: that it was looked at, when, and what had been asked. */
export function Reviewed({ activity: { state, question, decided_at: at } }) {
  const word = state === 'refused' ? 'activity.reviewed.refused' : 'activity.reviewed';
  return html`<${Card}><p class="with-mark"><${Icon} name=${state === 'refused' ? 'ban' : 'circle-check'} small /> ${t(word, { time: dayTime(at) })}</p>
    ${question && html`<${Asked} question=${question} />`}<//>`;
}
