// The facts of one conversation as far as this page holds them: one run of numbers without holes.

import type { Author, Fact, Phase } from "./wire";

export type Thread = readonly Fact[];

/** Adds facts that lie next to the held ones, at either end; others and what is held already change nothing. */
export function merge(thread: Thread, more: readonly Fact[]): Thread {
  const held = [...thread];
  const sorted = [...more].sort((a, b) => a.seq - b.seq);
  for (const fact of sorted)
    if (held.length === 0 || fact.seq === lastSeq(held) + 1) held.push(fact);
  for (const fact of sorted.reverse()) if (fact.seq === firstSeq(held) - 1) held.unshift(fact);
  return held;
}

export function lastSeq(thread: Thread): number {
  return thread.at(-1)?.seq ?? 0;
}

export function firstSeq(thread: Thread): number {
  return thread[0]?.seq ?? 0;
}

/** The phase after one more fact; the mirror of the server's `evolve`. */
export function phaseAfter(phase: Phase, fact: Fact): Phase {
  switch (fact.kind) {
    case "conversation.opened":
    case "conversation.unassigned":
    case "conversation.reopened":
      return "queued";
    case "conversation.assigned":
      return "active";
    case "conversation.closed":
      return "closed";
    case "message.sent":
      return fact.from.kind === "agent" ? "active" : phase;
    default:
      return phase; // a rating, or what a newer server tells of
  }
}

/** Who answers the visitor, by the facts held; null while nobody does or we do not know. */
export function companion(thread: Thread): Pick<Author, "id" | "name"> | null {
  for (const fact of [...thread].reverse()) {
    if (fact.kind === "conversation.assigned") return fact.agent?.name ? fact.agent : null;
    if (fact.kind === "message.sent" && fact.from.kind === "agent")
      return fact.from.name ? fact.from : null;
    if (fact.kind === "conversation.unassigned" || fact.kind === "conversation.closed") return null;
  }
  return null;
}

/** After this there may be something to say about the chat. */
export function isEnd({ kind }: Fact): boolean {
  return kind === "conversation.closed" || kind === "csat.asked";
}

export function isFromAgent(fact: Fact): boolean {
  return fact.kind === "message.sent" && fact.from.kind === "agent";
}
