/**
 * What became of a scan, on one sheet from below: credited, partly, at the limit, pending, refused, or kept
 * on this phone. Only a credit looks like success.
 */
import { createStore, html, useEffect, useState, useStore } from '../../shared/js/view.js';
import { Button, Icon, Sheet } from '../../shared/js/components.js';
import { dayTime, grams, isoDay, points, signedPoints, time } from '../../shared/js/format.js';
import { hasWords, t } from '../../shared/js/i18n.js';
import { go } from '../../shared/js/router.js';
import { loadScene } from '../models/scenes.js';
import { isTicket } from '../models/scans.js';
import { serverNow } from '../models/server_time.js';
import { LateSheet } from './late.js';
import { chime } from './chime.js';
import { formulaWords, gramsWords, sceneLeft } from './scene_words.js';

const COUNT_MILLISECONDS = 400;

/** {outcome, ticket, closed: () => void} or null */
const shown = createStore(null);

/** Show an outcome of `submitScan`; done when the person has closed the sheet. */
export function show(outcome, code = '') {
  if (outcome.kind === 'answered' && outcome.answer.activity.state === 'credited') chime();
  return new Promise((closed) => shown.set({ outcome, ticket: isTicket(code), closed }));
}

/** Show a sentence about something that was not sent at all. */
export function showNotice(name) {
  return show({ kind: 'notice', name });
}

/** Close the sheet, and go to a page if one is named. */
function close(page, part) {
  const { closed } = shown.get();
  shown.set(null);
  closed();
  if (page !== undefined) go(page, part);
}

export function ResultSheet() {
  const current = useStore(shown);
  const look = current && lookOf(current);
  return html`<${LateSheet} held=${Boolean(current)} /><${Sheet} open=${Boolean(current)} tone=${look?.tone} label=${look?.title} onClose=${() => close()}>
    ${look && html`<${look.body} ...${look} companion=${current.outcome.companion} />`}
  <//>`;
}

function lookOf({ outcome, ticket }) {
  if (outcome.kind === 'kept') {
    if (!outcome.lasting) return { body: Plain, icon: 'alert-triangle', mood: 'amber', title: t('result.kept.full.title'), text: t('result.kept.full'), next: 'home' };
    const text = t(ticket ? 'result.kept.ticket' : 'result.kept.screen');
    return { body: Plain, icon: 'device-mobile', mood: 'grey', title: t('result.kept.title'), text, next: 'home' };
  }
  if (outcome.kind === 'notice') {
    const [title, text] = [t(`result.${outcome.name}.title`), t(`result.${outcome.name}.text`)];
    return { body: Plain, icon: 'info-circle', mood: 'amber', title, text, next: 'again' };
  }
  if (outcome.kind === 'refused') return { body: Plain, ...refusalWords(outcome.error), next: 'again' };
  const { activity } = outcome.answer;
  if (activity.state !== 'credited') return { body: Plain, ...stateWords(activity), next: 'home' };
  return { body: Credited, tone: 'pine', title: t('result.credited.title'), answer: outcome.answer, paid: outcome.paid };
}

const MOODS = {
  pending: ['hourglass', 'amber'], capped: ['scale', 'amber'], refused: ['ban', 'red'], reversed: ['arrow-back-up', 'red'],
};

function stateWords({ state, name, reason_text: reason, reversal }) {
  const [icon, mood] = MOODS[state];
  return { icon, mood, title: t(`result.${state}.title`), name, text: reversal?.reason || reason || t(`result.${state}.text`) };
}

const RED = ['code_signature_invalid', 'kiosk_suspended', 'not_allowed'];

function refusalWords(error) {
  const { problem, code } = error;
  const again = problem.allowed_again_at;
  const when = again && (isoDay(again) === isoDay(serverNow()) ? time(again) : dayTime(again));
  return {
    icon: RED.includes(code) ? 'ban' : 'info-circle',
    mood: RED.includes(code) ? 'red' : 'amber',
    title: t(hasWords(`refused.${code}.title`) ? `refused.${code}.title` : 'refused.title'),
    text: error.detail || t('refused.text'),
    help: when && t('refused.again_at', { when }),
    code,
    activity: problem.activity,
  };
}

/** Whose ticket it was, when it was a child's. */
function Child({ number }) {
  return number ? html`<p class="result-child"><${Icon} name="users" small /> ${t('result.child', { number })}</p>` : null;
}

function Plain({ icon, mood, title, name, text, help, code, activity, next, companion }) {
  const known = typeof activity === 'string' ? activity : activity?.id;
  return html`<div class=${`result result-${mood}`} role=${mood === 'red' ? 'alert' : 'status'}>
    <span class="result-icon"><${Icon} name=${icon} /></span>
    <h2>${title}</h2>
    ${name && html`<p class="result-scene">${name}</p>`}
    <${Child} number=${companion} />
    <p>${text}</p>
    ${help && html`<p class="result-help">${help}</p>`}
    <div class="dialog-actions">
      ${known && html`<${Button} kind="line" wide onClick=${() => close('history', known)}>${t('result.see_activity')}<//>`}
      <${Button} kind="main" wide onClick=${() => close(next === 'home' ? '' : undefined)}>${t(`result.next.${next}`)}<//>
    </div>
    ${code && html`<p class="legal result-code">${t('result.code', { code })}</p>`}
  </div>`;
}

function debtWords(paid, owed) {
  return t(owed > 0 ? 'result.debt.more' : 'result.debt', { points: points(paid), left: points(owed) });
}

function Credited({ answer, paid = 0, companion }) {
  const { activity, balance } = answer;
  const counted = useCounted(answer.points);
  const left = useLeft(activity, companion);
  const part = activity.credited_quantity < activity.quantity;
  const spoken = t('result.credited.spoken', { points: points(answer.points), grams: grams(answer.reduction_grams) });
  return html`<div class="result result-credited" role="status">
    <p class="result-done"><${Icon} name="circle-check" small /> ${t('result.credited.title')} · ${activity.name}</p>
    <p class="result-points figures" aria-hidden="true">${signedPoints(counted)}</p>
    <p class="visually-hidden">${spoken}</p>
    <${Child} number=${companion} />
    <p class="result-grams figures">${gramsWords(answer.reduction_grams)}</p>
    ${answer.reduction_grams > 0 && html`<p class="result-why figures">${formulaWords(activity)}</p>`}
    ${part && html`<p class="result-why">${t('result.part')}</p>`}
    ${paid > 0 && html`<p class="result-help"><${Icon} name="info-circle" small /> ${debtWords(paid, balance.debt)}</p>`}
    ${left && html`<p class="result-why">${left}</p>`}
    <div class="dialog-actions">
      <${Button} class="on-pine" wide onClick=${() => close('shop')}>${balance.available > 0 ? t('result.next.shop', { points: points(balance.available) }) : t('result.next.shop.none')}<//>
      <${Button} class="on-pine-quiet" wide onClick=${() => close('')}>${t('result.next.home')}<//>
    </div>
  </div>`;
}

/** How often more today: asked after the credit, so that it never holds the sheet back. A child's count is its own. */
function useLeft(activity, companion) {
  const [left, setLeft] = useState(null);
  useEffect(() => {
    if (companion) return;
    loadScene(activity.scene).then(
      (scene) => scene && scene.left_today !== null && setLeft(sceneLeft(scene)),
      () => {},   // a nicety: the credit stands without it
    );
  }, [activity.id]);
  return left;
}

function useCounted(target) {
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const [value, setValue] = useState(still ? target : 0);
  useEffect(() => {
    if (still) return undefined;
    const start = performance.now();
    let frame = requestAnimationFrame(function step(now) {
      const share = Math.min(1, (now - start) / COUNT_MILLISECONDS);
      setValue(Math.round(target * share));
      if (share < 1) frame = requestAnimationFrame(step);
    });
    return () => cancelAnimationFrame(frame);
  }, [target]);
  return value;
}
