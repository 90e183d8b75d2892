/**
 * Numbers and times as people read them. Grams are never rounded up; all times are the island's (UTC+8).
 */
import { language } from './i18n.js';

const ZONE = 'Asia/Shanghai';

function locale() {
  return language() === 'zh' ? 'zh-CN' : 'en-GB';
}

/** A whole number with thousands separators: 1,234. */
export function count(number) {
  return new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 }).format(Math.trunc(number));
}

/** Points as a bare number; the word beside it comes from the catalogue. */
export function points(number) {
  return count(number);
}

/** Points with their sign: +5, −3. */
export function signedPoints(number) {
  return `${number < 0 ? '−' : '+'}${count(Math.abs(number))}`;
}

/** Grams: below 1,000 as g, above as kg with one decimal, cut off and never rounded up (1,999 g -> 1.9 kg). */
export function grams(number) {
  const whole = Math.trunc(number);
  if (Math.abs(whole) < 1000) return `${whole} g`;
  return kilograms(whole);
}

/** Grams as kg with one decimal, cut off: 1,299 -> 1.2 kg. */
export function kilograms(number) {
  const tenths = Math.trunc(number / 100);
  const whole = Math.trunc(tenths / 10);
  return `${count(whole)}.${Math.abs(tenths % 10)} kg`;
}

/** Grams as tonnes with one decimal, cut off: for the island's own account. */
export function tonnes(number) {
  const tenths = Math.trunc(number / 100_000);
  return `${count(Math.trunc(tenths / 10))}.${Math.abs(tenths % 10)} t`;
}

/** A decimal string of a factor as published, "1280" -> 1,280 and "212.24" -> 212.24: no digit is lost. */
export function decimal(text) {
  const [whole, part] = String(text).split('.');
  const kept = part?.replace(/0+$/, '');
  return count(Number(whole)) + (kept ? `.${kept}` : '');
}

/** Fen as yuan: 1250 -> ¥12.50. Only for what the programme owes a merchant, never for points. */
export function fen(number) {
  const cents = String(Math.abs(number) % 100).padStart(2, '0');
  return `${number < 0 ? '−' : ''}¥${count(Math.trunc(Math.abs(number) / 100))}.${cents}`;
}

function written(moment, options) {
  return new Intl.DateTimeFormat(locale(), { timeZone: ZONE, ...options }).format(new Date(moment));
}

/** 14:05 */
export function time(moment) {
  return written(moment, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
}

/** 22 November / 11月22日; with the year when it is not this year's. */
export function day(moment) {
  const year = new Date(moment).getFullYear() === new Date().getFullYear() ? {} : { year: 'numeric' };
  return written(moment, { month: language() === 'zh' ? 'long' : 'short', day: 'numeric', ...year });
}

/** A month given as 2026-11: Nov 2026 / 2026年11月. */
export function month(text) {
  return written(`${text}-15T00:00:00+08:00`, { year: 'numeric', month: language() === 'zh' ? 'long' : 'short' });
}

/** A day of any year, given as 04-30: 30 April / 4月30日. */
export function monthDay(text) {
  return written(`2024-${text}T12:00:00+08:00`, { month: 'long', day: 'numeric' });
}

/** 2026-11-22, for sorting into days. */
export function isoDay(moment) {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE }).format(new Date(moment));
}

/** Day and time: 11月22日 14:05. */
export function dayTime(moment) {
  return `${day(moment)} ${time(moment)}`;
}

/** Seconds as 1:05. */
export function clock(seconds) {
  const whole = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
