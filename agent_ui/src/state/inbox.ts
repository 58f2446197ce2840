/** The inbox: every conversation this agent may see now, and in which order the screen lists it. */

import type { AgentFrame, ConversationId, InboxRow, Visitor } from "../wire";

export type Rows = Readonly<Record<ConversationId, InboxRow>>;

export interface Inbox {
  /** False until the first `inbox` frame of this session: an empty list is not yet the truth. */
  readonly ready: boolean;
  readonly position: number;
  readonly rows: Rows;
  /** The rows when a chat last came, went or moved: enough to order the list, and it seldom changes. */
  readonly placed: Rows;
}

export const emptyInbox: Inbox = { ready: false, position: 0, rows: {}, placed: {} };

export type SectionName = "queue" | "mine" | "others" | "closed";
export type Sections = Readonly<Record<SectionName, readonly InboxRow[]>>;

/**
 * A row that left the inbox stays, marked `gone`, as long as `keeps` wants it: its thread is on screen,
 * or it was ours and may have been closed by mistake.
 */
export function applyInbox(
  inbox: Inbox,
  frame: AgentFrame<"inbox">,
  keeps: (row: InboxRow) => boolean,
): Inbox {
  const rows = { ...inbox.rows };
  let hasMoved = false;
  for (const row of frame.rows) {
    const held = rows[row.conversation];
    if (held !== undefined && row.revision < held.revision) continue;
    const merged = row.gone ? { ...held, ...row, unread: 0 } : row;
    if (!row.gone || (held !== undefined && keeps(merged))) rows[row.conversation] = merged;
    else delete rows[row.conversation];
    hasMoved ||= place(held) !== place(rows[row.conversation]);
  }
  const position = Math.max(inbox.position, frame.position);
  return { ready: true, position, rows, placed: hasMoved ? rows : inbox.placed };
}

/** What decides where a chat stands in the list. */
function place(row: InboxRow | undefined): string {
  if (row === undefined) return "";
  return [row.phase, row.assignee?.id, row.gone, arrival(row), row.closed_at].join();
}

/** Its thread has left the screen. */
export function dropGone(inbox: Inbox, conversation: ConversationId, me: string): Inbox {
  const row = inbox.rows[conversation];
  if (row?.gone !== true || isOurs(row, me)) return inbox;
  const { [conversation]: _, ...rows } = inbox.rows;
  return { ...inbox, rows, placed: rows };
}

export function isOurs(row: InboxRow, me: string): boolean {
  return row.assignee?.id === me;
}

export function setUnread(inbox: Inbox, conversation: ConversationId, unread: number): Inbox {
  const row = inbox.rows[conversation];
  if (row === undefined || (row.unread ?? 0) === unread) return inbox;
  return { ...inbox, rows: { ...inbox.rows, [conversation]: { ...row, unread } } };
}

/** What changed about a visitor concerns each of their conversations. */
export function setVisitor(inbox: Inbox, visitor: Visitor): Inbox {
  const rows = { ...inbox.rows };
  let changed = false;
  for (const row of Object.values(inbox.rows)) {
    if (row.visitor?.id !== visitor.id) continue;
    rows[row.conversation] = {
      ...row,
      visitor: { ...row.visitor, ...visitor, online: visitor.online ?? false },
    };
    changed = true;
  }
  return changed ? { ...inbox, rows } : inbox;
}

/** Queue, mine, others and closed. Sorted by when the chat came, so that a new message moves nothing. */
export function sections(rows: Rows, me: string): Sections {
  const found: Record<SectionName, InboxRow[]> = { queue: [], mine: [], others: [], closed: [] };
  for (const row of Object.values(rows))
    if (row.gone !== true || isClosedByUs(row, me)) found[sectionOf(row, me)].push(row);
  found.queue.sort(byArrival);
  found.mine.sort(byArrival);
  found.others.sort(byArrival);
  found.closed.sort(
    (a, b) =>
      compare(b.closed_at ?? "", a.closed_at ?? "") || compare(a.conversation, b.conversation),
  );
  return found;
}

export function sectionOf(row: InboxRow, me: string): SectionName {
  if (row.phase === "closed") return "closed";
  if (row.phase === "queued") return "queue";
  return isOurs(row, me) ? "mine" : "others";
}

function isClosedByUs(row: InboxRow, me: string): boolean {
  return row.phase === "closed" && isOurs(row, me);
}

/** Unread messages that are mine to answer: my chats and the queue. */
export function unreadForMe(rows: Rows, me: string): number {
  let unread = 0;
  for (const row of Object.values(rows)) {
    if (row.gone === true) continue;
    const section = sectionOf(row, me);
    if (section === "mine" || section === "queue") unread += row.unread ?? 0;
  }
  return unread;
}

function byArrival(a: InboxRow, b: InboxRow): number {
  return compare(arrival(a), arrival(b)) || compare(a.conversation, b.conversation);
}

function arrival(row: InboxRow): string {
  return row.queued_at ?? row.opened_at ?? "";
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
