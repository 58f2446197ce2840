/** Who is typing where. Each word of it expires by itself after six seconds. */

import type { AgentFrame, ConversationId, Fact } from "../wire";

export const TYPING_SECONDS = 6;

export interface Typist {
  readonly kind: "visitor" | "agent";
  readonly name: string | null;
  readonly draft: string | null;
  readonly until: number;
}

export type Typing = Readonly<Record<ConversationId, Typist>>;

export function applyTyping(typing: Typing, signal: AgentFrame<"signal">, now: number): Typing {
  if (!signal.on) return without(typing, signal.conversation);
  const typist: Typist = {
    kind: signal.from.kind === "agent" ? "agent" : "visitor",
    name: signal.from.name ?? null,
    draft: signal.draft ?? null,
    until: now + TYPING_SECONDS * 1000,
  };
  return { ...typing, [signal.conversation]: typist };
}

export function expireTyping(typing: Typing, now: number): Typing {
  const alive = Object.entries(typing).filter(([, typist]) => typist.until > now);
  return alive.length === Object.keys(typing).length ? typing : Object.fromEntries(alive);
}

/** A message is the end of its author's typing. */
export function written(typing: Typing, fact: Fact): Typing {
  const typist = typing[fact.conversation];
  const isTheirs = fact.kind === "message.sent" && typist?.kind === fact.from.kind;
  return isTheirs ? without(typing, fact.conversation) : typing;
}

function without(typing: Typing, conversation: ConversationId): Typing {
  if (!(conversation in typing)) return typing;
  const { [conversation]: _, ...rest } = typing;
  return rest;
}
