/** Facts grouped as people read them: days, talk of one author, what happened in between. Pure. */

import type { Author, Fact } from "../wire";

export type Side = "visitor" | "agent" | "system";

export type Block =
  | { readonly kind: "day"; readonly key: string; readonly at: string }
  | { readonly kind: "event"; readonly key: string; readonly fact: Fact }
  | Talk;

export interface Talk {
  readonly kind: "talk";
  readonly key: string;
  readonly author: Author;
  readonly side: Side;
  readonly isNote: boolean;
  readonly facts: readonly Fact[];
}

/** A pause longer than this begins a new group, with a time of its own. */
const PAUSE_MS = 5 * 60_000;

export function toBlocks(facts: readonly Fact[]): readonly Block[] {
  const blocks: Block[] = [];
  let day = "";
  for (const fact of facts.filter(isTold)) {
    const today = new Date(fact.at).toDateString();
    if (today !== day) blocks.push({ kind: "day", key: `day ${fact.seq}`, at: fact.at });
    day = today;
    const last = blocks.at(-1);
    if (fact.kind !== "message.sent")
      blocks.push({ kind: "event", key: `event ${fact.seq}`, fact });
    else if (last?.kind === "talk" && continues(last, fact))
      blocks[blocks.length - 1] = { ...last, facts: [...last.facts, fact] };
    else blocks.push(talk(fact));
  }
  return blocks;
}

/** The last message of ours that the visitor can see, and whether they have. */
export function receipt(
  facts: readonly Fact[],
  readByVisitor: number,
): { seq: number; isRead: boolean } | null {
  const last = facts.findLast((fact) => fact.kind === "message.sent" && !fact.private);
  if (last === undefined || last.from.kind !== "agent") return null;
  return { seq: last.seq, isRead: readByVisitor >= last.seq };
}

/** What there are words for. The compiler asks for each new kind; the newer server's are counted only. */
const TOLD: Record<Exclude<Fact["kind"], "unknown">, true> = {
  "conversation.opened": true,
  "conversation.assigned": true,
  "conversation.unassigned": true,
  "conversation.closed": true,
  "conversation.reopened": true,
  "message.sent": true,
  "visitor.identified": true,
  "csat.asked": true,
  "csat.rated": true,
};

function isTold({ kind }: Fact): boolean {
  return Object.hasOwn(TOLD, kind);
}

function talk(fact: Fact): Talk {
  return {
    kind: "talk",
    key: `talk ${fact.seq}`,
    author: fact.from,
    side: fact.from.kind,
    isNote: fact.private === true,
    facts: [fact],
  };
}

function continues(talk: Talk, fact: Fact): boolean {
  const before = talk.facts.at(-1);
  return (
    before !== undefined &&
    talk.author.kind === fact.from.kind &&
    talk.author.id === fact.from.id &&
    talk.isNote === (fact.private === true) &&
    Date.parse(fact.at) - Date.parse(before.at) < PAUSE_MS
  );
}
