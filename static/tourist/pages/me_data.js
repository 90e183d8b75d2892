/** Everything that the island holds about me: readable here, and as a file to take along. */
import { html, useLoaded, useState } from '../../shared/js/view.js';
import { Button, Cell, Failed, List, Loading, Page } from '../../shared/js/components.js';
import { count, dayTime, grams, points, signedPoints } from '../../shared/js/format.js';
import { hasWords, language, t } from '../../shared/js/i18n.js';
import { back } from '../../shared/js/router.js';
import { loadExport } from '../models/account.js';
import { formulaWords } from './scene_words.js';

const ROWS_AT_ONCE = 100;   // a page of ten thousand lines would take an old phone its breath

export default function DataPage() {
  const { state, value, error, again } = useLoaded(loadExport, [language()]);
  return html`<${Page} title=${t('data.title')} onBack=${() => back('me')} class="data-page">
    ${state === 'loading' && html`<${Loading} label=${t('data.loading')} />`}
    ${state === 'failed' && html`<${Failed} error=${error} onRetry=${again} />`}
    ${value && html`<${Data} data=${value} />`}
  <//>`;
}

/** The file holds what the server said, to the letter. */
function download(data) {
  const address = URL.createObjectURL(new Blob([JSON.stringify(data, null, 1)], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = `tanyu-${data.member.id}-${data.made_at.slice(0, 10)}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

function Data({ data }) {
  return html`<div class="stack">
    <p class="quiet">${t('data.text', { time: dayTime(data.made_at), island: data.island })}</p>
    <div class="row not-printed">
      <${Button} kind="main" icon="download" onClick=${() => download(data)}>${t('data.download')}<//>
      <${Button} kind="line" icon="printer" onClick=${() => print()}>${t('data.print')}<//>
    </div>
    <${Person} member=${data.member} />
    <${Section} name="consents" rows=${data.consents} line=${consentLine} />
    <${Section} name="sessions" rows=${data.sessions} line=${sessionLine} />
    <${Section} name="activities" rows=${data.activities} line=${activityLine} />
    <${Section} name="vouchers" rows=${data.vouchers} line=${voucherLine} />
    <${Section} name="lots" rows=${data.lots} line=${lotLine} />
    <${Section} name="adjustments" rows=${data.adjustments} line=${adjustmentLine} />
    <${Section} name="readings" rows=${data.readings} line=${readingLine} />
    <${Section} name="cards" rows=${data.cards} line=${cardLine} />
    <${InTheFile} data=${data} />
  </div>`;
}

function Person({ member }) {
  const named = member.identities.map((identity) => `${identity.provider}: ${identity.subject}`);
  return html`<${List} label=${t('data.person')}>
    <${Cell} key="name" title=${t('data.nickname')} value=${member.nickname} />
    <${Cell} key="id" title=${t('data.number')} note=${member.id} />
    <${Cell} key="kind" title=${t('data.kind')} value=${t(`kind.${member.kind}`)} />
    <${Cell} key="since" title=${t('data.since')} value=${dayTime(member.created_at)} />
    ${named.map((name) => html`<${Cell} key=${name} title=${t('data.identity')} note=${name} />`)}
    <${Cell} key="points" title=${t('data.points')} value=${points(member.available + member.held)} />
    <${Cell} key="grams" title=${t('data.grams')} value=${grams(member.reduction_grams)} />
  <//>`;
}

/** One kind of rows, some at a time; an empty one says so, so that nobody wonders. */
function Section({ name, rows, line }) {
  const [shown, setShown] = useState(ROWS_AT_ONCE);
  const rest = rows.length - shown;
  return html`<section>
    <${List} label=${`${t(`data.${name}`)} · ${count(rows.length)}`}>
      ${rows.slice(0, shown).map((row, place) => html`<${Cell} key=${place} ...${line(row)} />`)}
      ${!rows.length && html`<${Cell} key="none" title=${t('data.none')} />`}
    <//>
    ${rest > 0 && html`<div class="more"><${Button} onClick=${() => setShown(shown + ROWS_AT_ONCE * 5)}>
      ${t('data.more', { count: count(rest) })}<//></div>`}
  </section>`;
}

/** What only a machine reads is in the file, and said here with its number. */
function InTheFile({ data }) {
  const names = ['entries', 'passes', 'messages', 'message_consents', 'limits', 'notices', 'trail'];
  return html`<section class="card stack-tight">
    <h2>${t('data.file')}</h2>
    <p class="small quiet">${t('data.file.text')}</p>
    <ul class="bullets small">${names.map((name) => html`<li key=${name}>${t(`data.${name}`)} · ${count(data[name].length)}</li>`)}</ul>
  </section>`;
}

function consentLine({ notice, version, deed, at }) {
  return { title: t(`consent.${deed}`, { notice: t(`notice.${notice}`) }), note: `${t('notice.version.short', { version })} · ${dayTime(at)}` };
}

function sessionLine({ device, created_at: since, ended_at: ended, current }) {
  const until = current ? t('sessions.this') : ended && t('data.ended', { time: dayTime(ended) });
  return { title: device ?? t('sessions.unknown'), note: [t('sessions.since', { day: dayTime(since) }), until].filter(Boolean).join(' · ') };
}

function activityLine(activity) {
  const booked = ['credited', 'capped'].includes(activity.state);
  const child = activity.companion > 0 && t('scan.companion.child', { number: activity.companion });
  const why = [child, activity.reversal?.reason, activity.reason_text, booked && activity.reduction_grams > 0 && formulaWords(activity)].filter(Boolean);
  return {
    title: `${activity.name}${activity.place ? ` · ${activity.place}` : ''}`,
    note: [dayTime(activity.occurred_at), t(`state.${activity.state}`), ...why].join(' · '),
    value: booked ? signedPoints(activity.points) : undefined,
  };
}

function voucherLine({ item, quantity, merchant, state, created_at: at, points: cost }) {
  return { title: `${item.name} × ${quantity}`, note: [merchant.name, t(`state.${state}`), dayTime(at)].join(' · '), value: points(cost) };
}

function lotLine({ expires_on: on, remaining, granted }) {
  return { title: t('data.lot', { day: on }), value: `${count(remaining)} / ${count(granted)}` };
}

function adjustmentLine({ points: moved, reason, asked_at: at, decision }) {
  const key = `data.decision.${decision ?? 'open'}`;
  return { title: reason, note: `${dayTime(at)} · ${hasWords(key) ? t(key) : decision}`, value: signedPoints(moved) };
}

function readingLine({ code, place, occurred_at: at }) {
  return { title: t(`data.read.${code}`), note: [place, dayTime(at)].filter(Boolean).join(' · ') };
}

function cardLine({ card, valid_from: from, revoked_at: revoked }) {
  return { title: card, note: [dayTime(from), revoked && t('data.ended', { time: dayTime(revoked) })].filter(Boolean).join(' · ') };
}
