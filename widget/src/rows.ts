// The thread as the eye reads it: days, events and grouped messages. Pure.

import type { ChatState } from "./state";
import type { Key } from "./text";
import type { Thread } from "./thread";
import type { ChatFile, Fact, Outgoing, OutgoingFile, Quote } from "./wire";

/** `waiting`: it will go out by itself, but not at once. */
export type Status = "waiting" | "sending" | "sent" | "read" | "failed";

export interface MessageRow {
  kind: "message";
  key: string;
  own: boolean;
  name: string | null;
  /** An agent's id. */
  by?: string | undefined;
  text: string;
  files: readonly RowFile[];
  /** Where it is stored; null while it is not. */
  place: Quote | null;
  quoted: Quoted | null;
  at: number;
  /** First and last of a run of messages by one person. */
  first: boolean;
  last: boolean;
  /** Told of own messages only where it says something new. */
  status: Status | null;
  code: string | null;
  clientId: string | null;
}

/** What a message answers; `said` is null while that lies further back than we hold. */
export interface Quoted extends Quote {
  said: { key: string; own: boolean; name: string | null; text: string } | null;
}

/** On the server, or still here. */
export type RowFile = ChatFile | OutgoingFile;

export interface EventRow {
  kind: "event";
  key: string;
  at: number;
  text: Key;
  name: string | null;
  /** The agent who is there from now on. */
  by?: string | undefined;
}

export type Row = { kind: "day"; key: string; at: number } | EventRow | MessageRow;

// People read a pause of this length as a new thought.
const GROUP_MS = 5 * 60_000;

type Shown = Pick<ChatState, "past" | "thread" | "outbox" | "agentRead">;

/** `isCut`: nothing goes out until the connection is back. */
export function rowsOf(state: Shown, isCut: boolean): Row[] {
  const unsettled = state.outbox.filter((m) => !isStored(m, state.thread));
  const rows = [
    ...factRows(state.past, Number.POSITIVE_INFINITY),
    ...factRows(state.thread, state.agentRead),
    ...unsettled.map((message) => outgoingRow(message, state.thread, isCut)),
  ];
  return withDays(withGroups(withOneStatus(rows)));
}

type Item = EventRow | MessageRow;

export function isStored(message: Outgoing, thread: Thread): boolean {
  return thread.some((fact) => fact.client_id === message.client_id);
}

function factRows(thread: Thread, agentRead: number): Item[] {
  let agent: string | null = null;
  const rows: Item[] = [];
  for (const fact of thread) {
    if (fact.kind === "message.sent") rows.push(messageRow(fact, thread, agentRead));
    else {
      const row = eventRow(fact, agent);
      if (row) rows.push(row);
    }
    if (fact.kind === "conversation.assigned") agent = fact.agent?.name ?? null;
  }
  return rows;
}

function messageRow(fact: Fact, thread: Thread, agentRead: number): MessageRow {
  const own = fact.from.kind === "visitor";
  const { conversation, seq, quote } = fact;
  return {
    kind: "message",
    key: keyOf(fact),
    own,
    name: fact.from.name ?? null,
    by: fact.from.id,
    text: fact.text ?? "",
    files: fact.files ?? [],
    place: { conversation, seq },
    quoted: quote === undefined ? null : quotedIn(thread, { conversation, seq: quote }),
    at: Date.parse(fact.at),
    first: true,
    last: true,
    status: !own ? null : fact.seq <= agentRead ? "read" : "sent",
    code: null,
    clientId: null,
  };
}

function keyOf(fact: Fact): string {
  return fact.client_id ?? `${fact.conversation}:${fact.seq}`;
}

function quotedIn(thread: Thread, { conversation, seq }: Quote): Quoted {
  const fact = thread.find((held) => held.seq === seq && held.conversation === conversation);
  return { conversation, seq, said: fact ? saidIn(fact) : null };
}

function saidIn(fact: Fact): Quoted["said"] {
  const { from, text = "", files = [] } = fact;
  const names = files.map((file) => file.name).join(", ");
  const own = from.kind === "visitor";
  return { key: keyOf(fact), own, name: from.name ?? null, text: text || names };
}

function outgoingRow(message: Outgoing, thread: Thread, isCut: boolean): MessageRow {
  const held = (message.held ?? 0) > 0;
  return {
    kind: "message",
    key: message.client_id,
    own: true,
    name: null,
    text: message.text,
    files: message.files ?? [],
    place: null,
    quoted: message.quote ? quotedIn(thread, message.quote) : null,
    at: message.at,
    first: true,
    last: true,
    status: statusOf(message, held || isCut),
    code: message.code ?? null,
    clientId: message.client_id,
  };
}

/** One that waits for its turn, or for a lock of another tab, is on its way as far as one can see. */
function statusOf({ state }: Outgoing, isHeldUp: boolean): Status {
  if (state === "sent" || state === "failed") return state;
  return isHeldUp ? "waiting" : "sending";
}

function eventRow(fact: Fact, agent: string | null): EventRow | null {
  const event = eventText(fact, agent);
  if (!event) return null;
  const key = `${fact.conversation}:${fact.seq}`;
  return { kind: "event", key, at: Date.parse(fact.at), ...event };
}

function eventText(
  fact: Fact,
  agent: string | null,
): Pick<EventRow, "text" | "name" | "by"> | null {
  switch (fact.kind) {
    case "conversation.assigned":
      return fact.agent?.name
        ? {
            text: agent && agent !== fact.agent.name ? "handed" : "joined",
            name: fact.agent.name,
            by: fact.agent.id,
          }
        : null;
    case "conversation.unassigned":
      return agent ? { text: "left", name: agent } : null;
    case "conversation.reopened":
      return { text: "reopened", name: null };
    case "conversation.closed":
      return ended(fact);
    default:
      return null; // a rating, say: it has a place of its own
  }
}

function ended(fact: Fact): Pick<EventRow, "text" | "name"> {
  if (fact.from.kind === "visitor") return { text: "ended.you", name: null };
  const name = fact.from.kind === "agent" ? (fact.from.name ?? null) : null;
  return name ? { text: "ended.agent", name } : { text: "ended", name: null };
}

/** "Sent" and "read" stand under the newest own message only; what is under way or failed shows everywhere. */
function withOneStatus(rows: Item[]): Item[] {
  const isSettled = (row: Item) =>
    row.kind === "message" && (row.status === "sent" || row.status === "read");
  const newest = rows.findLast((row) => row.kind === "message" && isSettled(row));
  return rows.map((row) =>
    row.kind === "message" && isSettled(row) && row !== newest ? { ...row, status: null } : row,
  );
}

function withGroups(rows: Item[]): Item[] {
  return rows.map((row, index) => {
    if (row.kind !== "message") return row;
    return { ...row, first: !joins(rows[index - 1], row), last: !joins(row, rows[index + 1]) };
  });
}

function joins(upper: Item | undefined, lower: Item | undefined): boolean {
  if (upper?.kind !== "message" || lower?.kind !== "message") return false;
  const same = upper.own === lower.own && (upper.own || upper.name === lower.name);
  return same && lower.at - upper.at < GROUP_MS && sameDay(upper.at, lower.at);
}

function withDays(rows: Item[]): Row[] {
  return rows.flatMap((row, index): Row[] => {
    const before = rows[index - 1];
    if (before && sameDay(before.at, row.at)) return [row];
    return [{ kind: "day", key: `day:${row.key}`, at: row.at }, row];
  });
}

function sameDay(one: number, other: number): boolean {
  return new Date(one).toDateString() === new Date(other).toDateString();
}
