/** Messages on WeChat: what members were told, and what nobody knows whether it arrived. */
import { html, useState } from '../../shared/js/view.js';
import { Badge, Button, Cell, Empty, Failed, List, Loading } from '../../shared/js/components.js';
import { count, dayTime } from '../../shared/js/format.js';
import { hasWords, t } from '../../shared/js/i18n.js';
import { to } from '../../shared/js/router.js';
import { readMessages, STATES } from '../models/messages.js';
import { usePaged } from './paged.js';
import { ConsolePage } from './rail.js';

const LOOKS = {
  sent: ['pine', 'circle-check'], unknown: ['amber', 'help'], failed: ['red', 'alert-triangle'], refused: ['grey', 'ban'], sending: ['sea', 'hourglass'],
};

function answerOf({ answer }) {
  if (!answer) return '';
  return hasWords(`message.answer.${answer}`) ? t(`message.answer.${answer}`) : t('message.answer', { answer });
}

function MessageCell({ message }) {
  const [tone, icon] = LOOKS[message.state];
  const facts = [
    t(`message.${message.occasion}`), dayTime(message.begun_at), message.simulated && t('message.simulated'),
    message.tries > 1 && t('message.tries', { count: count(message.tries) }), answerOf(message),
  ];
  return html`<${Cell} icon=${icon} tone=${tone} title=${message.words} note=${facts.filter(Boolean).join(' · ')} href=${to('members', message.member)}
    value=${html`<${Badge} tone=${tone} icon=${icon}>${t(`message.state.${message.state}`)}<//>`} />`;
}

function StateFilter({ value, onInput }) {
  return html`<div class="tools"><label class="filter"><span class="visually-hidden">${t('messages.by_state')}</span>
    <select value=${value} onChange=${(event) => onInput(event.target.value)}>
      <option value="">${t('messages.any_state')}</option>
      ${STATES.map((state) => html`<option key=${state} value=${state}>${t(`message.state.${state}`)}</option>`)}
    </select></label></div>`;
}

export function Messages() {
  const [wanted, setWanted] = useState('');
  const { state, rows, next, error, again, more, busy } = usePaged((cursor) => readMessages(wanted, cursor), [wanted]);
  return html`<${ConsolePage} title=${t('messages.title')} note=${t('messages.note')}>
    <${StateFilter} value=${wanted} onInput=${setWanted} />
    ${state === 'loading' && html`<${Loading} />`}
    ${state === 'failed' && html`<${Failed} error=${error} onRetry=${again} />`}
    ${state === 'ready' && rows.length === 0 && html`<div class="card"><${Empty} icon="mail" title=${t('messages.none')}>${t('messages.none.text')}<//></div>`}
    ${rows.length > 0 && html`<${List}>${rows.map((message) => html`<${MessageCell} key=${message.id} message=${message} />`)}<//>`}
    ${next && html`<p class="audit-more"><${Button} kind="line" icon="chevron-down" busy=${busy} onClick=${more}>${t('action.more')}<//></p>`}
  <//>`;
}
