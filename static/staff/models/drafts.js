/** Changes that are not sent yet: kept as long as the console is open, each for the person who wrote it. */
import { session } from './session.js';

const drafts = new Map();

function ownName(name) {
  return `${session.get().person?.id}/${name}`;
}

/** The draft of that name, or null. */
export function draftOf(name) {
  return drafts.get(ownName(name)) ?? null;
}

export function keepDraft(name, draft) {
  drafts.set(ownName(name), draft);
}

export function dropDraft(name) {
  drafts.delete(ownName(name));
}
