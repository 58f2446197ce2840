/** One conversation open on screen: its facts in order, and what is known to be missing. */

import type { ConversationId, Fact, Problem } from "../wire";

export interface Thread {
  readonly conversation: ConversationId;
  /** Without gaps: each seq is one more than the one before. */
  readonly facts: readonly Fact[];
  readonly loading: "first" | "earlier" | null;
  readonly problem: Problem | null;
  /** A fact arrived ahead of its turn: the ones after the last held must be asked for. */
  readonly gap: boolean;
  /** The visitor has read up to here, in agents' numbers. */
  readonly readByVisitor: number;
}

export function openThread(conversation: ConversationId): Thread {
  return { conversation, facts: [], loading: "first", problem: null, gap: false, readByVisitor: 0 };
}

export function lastSeq(thread: Pick<Thread, "facts">): number {
  return thread.facts.at(-1)?.seq ?? 0;
}

export function hasEarlier(thread: Thread): boolean {
  return (thread.facts[0]?.seq ?? 1) > 1;
}

/** Facts that continue the thread. Known ones are skipped, one out of turn opens a gap. */
export function append(thread: Thread, facts: readonly Fact[]): Thread {
  if (
    thread.facts.length === 0 &&
    thread.loading === "first" &&
    facts.length === 1 &&
    facts[0]?.seq !== 1
  ) {
    // A live fact that overtook the first page; the page will contain it.
    return thread;
  }
  return join(thread, facts);
}

/** A page of catch-up: on an empty thread it is the newest page and may begin anywhere. */
export function page(thread: Thread, facts: readonly Fact[]): Thread {
  return {
    ...join(thread, facts),
    loading: thread.loading === "first" ? null : thread.loading,
    problem: null,
  };
}

export function prepend(thread: Thread, facts: readonly Fact[]): Thread {
  const first = thread.facts[0]?.seq ?? Number.POSITIVE_INFINITY;
  const earlier = facts.filter((fact) => fact.seq < first);
  return { ...thread, facts: [...earlier, ...thread.facts], loading: null, problem: null };
}

export function fail(thread: Thread, problem: Problem): Thread {
  return { ...thread, loading: null, problem };
}

export function readByVisitor(thread: Thread, seq: number): Thread {
  return seq > thread.readByVisitor ? { ...thread, readByVisitor: seq } : thread;
}

function join(thread: Thread, facts: readonly Fact[]): Thread {
  const held = [...thread.facts];
  let last = held.at(-1)?.seq;
  for (const fact of facts) {
    if (last !== undefined && fact.seq <= last) continue;
    if (last !== undefined && fact.seq !== last + 1) return { ...thread, facts: held, gap: true };
    held.push(fact);
    last = fact.seq;
  }
  return { ...thread, facts: held, gap: false };
}
