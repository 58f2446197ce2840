// One message that the server has not shown back to us yet, and how it is read from storage again.

import type { Outcome } from "./requests";

export interface Outgoing {
  client_id: string;
  /** Messages of one lane go one after the other: a conversation, for agents. */
  lane: string;
  text: string;
  files?: readonly OutgoingFile[] | undefined;
  /** When it was written, in milliseconds of the sender's clock; only for order and display. */
  at: number;
  state: "waiting" | "sending" | "sent" | "failed";
  private?: boolean | undefined;
  quote?: Quote | undefined;
  /** Where it was stored, once sent. */
  conversation?: string | undefined;
  seq?: number | undefined;
  /** Why it failed. */
  code?: string | undefined;
  /** How often in a row it, or a file of it, could not be sent; it is tried again. */
  held?: number | undefined;
}

/** The message that another one answers. Its number means nothing in another conversation. */
export interface Quote {
  conversation: string;
  seq: number;
}

export interface OutgoingFile {
  /** Its bytes lie under this name in the browser, until the message is stored. */
  key: string;
  /** What the server knows the upload by: a repeat under this name gives the same file. */
  upload: string;
  name: string;
  type: string;
  bytes: number;
  width?: number | undefined;
  height?: number | undefined;
  /** False: the bytes go when the page goes. */
  kept?: boolean | undefined;
  /** The server's name for it, once it is there. */
  id?: string | undefined;
  /** How much of it is there, from 0 to 1. */
  share?: number | undefined;
}

/** What a person wrote, before it has a name and a time. */
export interface Draft {
  lane: string;
  text: string;
  files?: readonly OutgoingFile[] | undefined;
  private?: boolean | undefined;
  quote?: Quote | undefined;
}

export function fresh(clientId: string, draft: Draft, at: number): Outgoing {
  const { lane, text, files, quote } = draft;
  const message: Outgoing = { client_id: clientId, lane, text, at, state: "waiting" };
  if (files && files.length > 0) message.files = files;
  if (draft.private) message.private = true;
  if (quote) message.quote = quote;
  return message;
}

/** What a tab left behind; anything that is not ours is passed over. What was in flight goes out again. */
export function readOutgoing(stored: string | null): Outgoing[] {
  const found = parse(stored ?? "[]");
  if (!Array.isArray(found)) return [];
  return found
    .filter(isOutgoing)
    .map((m) => (m.state === "failed" ? m : { ...m, state: "waiting", held: 0 }));
}

/** What a `send` says of the files; nothing when there are none. */
export function idsOf({ files }: Outgoing): string[] | undefined {
  return files?.map((file) => file.id ?? "");
}

/** What a `send` into this conversation says of what it answers. */
export function quoteIn({ quote }: Outgoing, conversation: string): number | undefined {
  return quote?.conversation === conversation ? quote.seq : undefined;
}

/**
 * The server lost what is quoted, say to an older backup: then it goes without, because the words matter more than
 * what they answer.
 */
export async function withoutLostQuote(
  message: Outgoing,
  send: (message: Outgoing) => Promise<Outcome>,
): Promise<Outcome> {
  const outcome = await send(message);
  const isLost = "error" in outcome && outcome.error.code === "quote_gone";
  return isLost ? send({ ...message, quote: undefined }) : outcome;
}

export function isOutgoingFile(value: unknown): value is OutgoingFile {
  if (typeof value !== "object" || value === null) return false;
  const file = value as Partial<Record<keyof OutgoingFile, unknown>>;
  const texts = [file.key, file.upload, file.name, file.type];
  return texts.every((text) => typeof text === "string") && typeof file.bytes === "number";
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
  const files = message.files ?? [];
  return (
    typeof message.client_id === "string" &&
    typeof message.lane === "string" &&
    typeof message.text === "string" &&
    typeof message.at === "number" &&
    isQuote(message.quote) &&
    Array.isArray(files) &&
    files.every(isOutgoingFile)
  );
}

function isQuote(value: unknown): boolean {
  if (value === undefined) return true;
  const { conversation, seq } = (value ?? {}) as Partial<Quote>;
  return typeof conversation === "string" && Number.isInteger(seq);
}
