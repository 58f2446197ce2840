// One message that the server has not shown back to us yet, and how it is read from storage again.

export interface Outgoing {
  client_id: string;
  /** Messages of one lane go one after the other: a conversation, for agents. */
  lane: string;
  text: string;
  /** When it was written, in milliseconds of the sender's clock; only for order and display. */
  at: number;
  state: "waiting" | "sending" | "sent" | "failed";
  private?: boolean | undefined;
  /** Where it was stored, once sent. */
  conversation?: string | undefined;
  seq?: number | undefined;
  /** Why it failed. */
  code?: string | undefined;
}

export function fresh(
  clientId: string,
  lane: string,
  text: string,
  at: number,
  isPrivate?: boolean,
): Outgoing {
  const message: Outgoing = { client_id: clientId, lane, text, at, state: "waiting" };
  return isPrivate ? { ...message, private: true } : message;
}

/** What a tab left behind; anything that is not ours is passed over. What was in flight goes out again. */
export function readOutgoing(stored: string | null): Outgoing[] {
  const found = parse(stored ?? "[]");
  if (!Array.isArray(found)) return [];
  return found
    .filter(isOutgoing)
    .map((m) => (m.state === "failed" ? m : { ...m, state: "waiting" }));
}

function parse(stored: string): unknown {
  try {
    return JSON.parse(stored);
  } catch {
    return null; // half-written or not ours; nothing can be saved from it
  }
}

function isOutgoing(value: unknown): value is Outgoing {
  if (typeof value !== "object" || value === null) return false;
  const message = value as Partial<Record<keyof Outgoing, unknown>>;
  return (
    typeof message.client_id === "string" &&
    typeof message.lane === "string" &&
    typeof message.text === "string" &&
    typeof message.at === "number"
  );
}
