// The facts of one conversation as far as this page holds them: one run of numbers without holes.

import type { Fact, Phase } from "./wire";

export type Thread = readonly Fact[];

export interface Merged {
  thread: Thread;
  /** Some of the new facts did not fit on: numbers between are missing. */
  hole: boolean;
}

/** Adds facts that lie next to the held ones, at either end; what is held already changes nothing. */
export function merge(thread: Thread, more: readonly Fact[]): Merged {
  let held = [...thread];
  let hole = false;
  for (const fact of [...more].sort((a, b) => a.seq - b.seq)) {
    const last = lastSeq(held);
    if (held.length === 0 || fact.seq === last + 1) held.push(fact);
    else if (fact.seq > last) hole = true;
  }
  const earlier = more.filter((f) => f.seq < firstSeq(thread)).sort((a, b) => b.seq - a.seq);
  if (thread.length > 0)
    for (const fact of earlier) if (fact.seq === firstSeq(held) - 1) held = [fact, ...held];
  return { thread: held, hole };
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
  }
}

/** Who answers the visitor, by the facts held; null while nobody does or we do not know. */
export function companion(thread: Thread): string | null {
  for (const fact of [...thread].reverse()) {
    if (fact.kind === "conversation.assigned") return fact.agent?.name || null;
    if (fact.kind === "message.sent" && fact.from.kind === "agent") return fact.from.name ?? null;
    if (fact.kind === "conversation.unassigned" || fact.kind === "conversation.closed") return null;
  }
  return null;
}

export function isFromAgent(fact: Fact): boolean {
  return fact.kind === "message.sent" && fact.from.kind === "agent";
}
