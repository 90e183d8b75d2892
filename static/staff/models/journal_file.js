/**
 * The file of a kiosk's journal (scenes/wire/journal_export.py): one line that says what it is, then one signed item a
 * line. It is looked at as a whole before anything is sent, and then handed in by parts, each a whole file of its own:
 * a weak line loses one part, and a worker of the server is busy for less than a second.
 */
import { sha256 } from '../../shared/js/codes/sha2.js';
import { api } from './session.js';

const FORMAT = 'tanyu-journal-1';
const FILE_BYTES_MOST = 64_000_000;
const PART_ITEMS = 250;
const PART_CHARACTERS = 900_000;
const COUNTS = ['items', 'credited', 'noted', 'pending', 'duplicate', 'refused', 'unread'];
const LINE_FEED = 10;

/** Why a file was not even sent: foreign, damaged, large. */
export class FileTrouble extends Error {
  constructor(why) {
    super(why);
    this.name = 'FileTrouble';
    this.why = why;
  }
}

/** Hexadecimal SHA-256; the browser's own where the page may use it, for a week's journal has megabytes. */
async function digestOf(bytes) {
  const digest = crypto.subtle ? new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)) : sha256(bytes);
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function textOf(bytes) {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

function manifestOf(bytes) {
  try {
    const manifest = JSON.parse(textOf(bytes));
    return manifest?.format === FORMAT ? manifest : null;
  } catch {
    return null;
  }
}

/** Lines so that each group fits one call. */
function grouped(lines) {
  const groups = [[]];
  let characters = 0;
  for (const line of lines) {
    if (groups.at(-1).length >= PART_ITEMS || characters + line.length > PART_CHARACTERS) {
      groups.push([]);
      characters = 0;
    }
    groups.at(-1).push(line);
    characters += line.length;
  }
  return groups;
}

/** {kiosk, exportedAt: milliseconds, complete, items: how many, groups}. Throws FileTrouble. */
export async function readJournalFile(file) {
  if (file.size > FILE_BYTES_MOST) throw new FileTrouble('large');
  const bytes = new Uint8Array(await file.arrayBuffer());
  const end = bytes.indexOf(LINE_FEED);
  const first = end < 0 ? bytes : bytes.subarray(0, end);
  const manifest = manifestOf(first);
  if (!manifest) throw new FileTrouble(textOf(bytes.subarray(0, 80))?.includes(FORMAT) ? 'damaged' : 'foreign');
  const rest = bytes.subarray(first.length + 1);
  const lines = textOf(rest)?.split('\n').slice(0, -1);
  if (!lines || lines.length !== manifest.items || await digestOf(rest) !== manifest.sha256) throw new FileTrouble('damaged');
  return { manifest, kiosk: String(manifest.kiosk), exportedAt: manifest.exported_at * 1000, complete: manifest.complete, items: lines.length, groups: grouped(lines) };
}

/** A part as a file of its own. The clocks that the first line tells of are the server's to know, so they stay behind. */
async function partOf(manifest, lines) {
  const text = lines.map((line) => `${line}\n`).join('');
  const digest = await digestOf(new TextEncoder().encode(text));
  return `${JSON.stringify({ ...manifest, offsets: {}, items: lines.length, sha256: digest })}\n${text}`;
}

/** What nothing has been handed in of yet. */
export function nothingYet() {
  return { parts: 0, kiosk: null, complete: true, told: [], ...Object.fromEntries(COUNTS.map((name) => [name, 0])) };
}

function added(sum, answer) {
  const counts = Object.fromEntries(COUNTS.map((name) => [name, sum[name] + answer[name]]));
  return { parts: sum.parts + 1, kiosk: answer.kiosk, complete: answer.complete, told: [...sum.told, ...answer.told], ...counts };
}

/**
 * Hand in what is still to come, from `sum.parts` on; `onPart(sum)` after each. Answers the sum. A refusal or a broken
 * line throws; what was taken by then is taken, and going on or beginning anew counts nothing twice.
 */
export async function handIn(journal, sum, onPart) {
  let total = sum;
  for (const lines of journal.groups.slice(sum.parts)) {
    total = added(total, await api.post('staff/journal/imports', { file: await partOf(journal.manifest, lines) }));
    onPart(total);
  }
  return total;
}
