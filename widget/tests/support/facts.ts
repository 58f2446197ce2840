import type { Fact, FactKind, VisitorWelcome } from "../../src/wire";

/** One named world: vera the visitor talks to ann the agent in conversation "c". */
export function fact(seq: number, kind: FactKind, part: Partial<Fact> = {}): Fact {
  const at = new Date(Date.UTC(2026, 10, 22, 12, 0, seq)).toISOString();
  return { t: "fact", conversation: "c", seq, kind, from: { kind: "system" }, at, ...part };
}

export const opened = (seq = 1) => fact(seq, "conversation.opened", { from: { kind: "visitor" } });

export const fromVera = (seq: number, text: string, client_id = `vera-${seq}`) =>
  fact(seq, "message.sent", { from: { kind: "visitor" }, text, client_id });

export const fromAnn = (seq: number, text: string) =>
  fact(seq, "message.sent", { from: { kind: "agent", id: "ann", name: "Ann" }, text });

export const annJoined = (seq: number) =>
  fact(seq, "conversation.assigned", { agent: { id: "ann", name: "Ann" } });

export const closedBy = (seq: number, kind: "agent" | "visitor" | "system") =>
  fact(seq, "conversation.closed", {
    from: { kind, name: kind === "agent" ? "Ann" : undefined },
    reason: kind,
  });

export function welcome(part: Partial<VisitorWelcome> = {}): VisitorWelcome {
  return {
    t: "welcome",
    v: 2,
    session: "s",
    you: { id: "vera" },
    epoch: "e1",
    now: "2026-11-22T11:59:00.000Z",
    ping: 25,
    limits: { text_chars: 4000, frame_bytes: 16384, history: 100 },
    availability: "online",
    ...part,
  };
}
