/** Where a typed `/` or `#` asks for a canned reply, and how one goes in at the cursor. Pure. */

export interface Trigger {
  /** Where the mark stands in the text. */
  readonly start: number;
  readonly query: string;
}

export interface Inserted {
  readonly text: string;
  readonly caret: number;
}

const LONGEST_QUERY = 40;

/** The open `/query` before the caret. A mark inside a word, a path or an address is no mark. */
export function findTrigger(text: string, caret: number): Trigger | null {
  const before = text.slice(Math.max(0, caret - LONGEST_QUERY - 1), caret);
  const mark = Math.max(before.lastIndexOf("/"), before.lastIndexOf("#"));
  if (mark === -1) return null;
  const query = before.slice(mark + 1);
  const start = caret - query.length - 1;
  if (/\s/.test(query) || /[\w/#:.&?=%@-]/.test(text.charAt(start - 1))) return null;
  return { start, query };
}

/** Replaces the mark and its query, nothing else. */
export function insertAt(text: string, trigger: Trigger, body: string): Inserted {
  const end = trigger.start + 1 + trigger.query.length;
  return {
    text: text.slice(0, trigger.start) + body + text.slice(end),
    caret: trigger.start + body.length,
  };
}
