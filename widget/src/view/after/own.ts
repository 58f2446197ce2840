// The visitor's own conversations, from the server: to read, to take along, to have mailed.

import type { Fact } from "../../wire";

export interface OwnChat {
  conversation: string;
  agents: string[];
  opened_at: string;
  last_at: string;
  messages: number;
  can_continue: boolean;
}

export interface OwnPage extends OwnChat {
  facts: Fact[];
  next_seq: number | null;
}

export interface Listed {
  items: OwnChat[];
  next: string | null;
}

export type Form = "text" | "page";
export type Mailed = "sent" | "wrong" | "busy" | "failed";

export interface Own {
  list(cursor: string | null): Promise<Listed>;
  read(conversation: string, after: number | null): Promise<OwnPage>;
  /** Onto the visitor's disk. */
  save(conversation: string, form: Form): Promise<void>;
  mail(conversation: string, email: string): Promise<Mailed>;
}

const PATH = "/visitor/conversations";
const ENDINGS: Readonly<Record<Form, string>> = { text: "txt", page: "html" };
const FREE_MS = 60_000;

export function openOwn(token: () => string | null, locale: string): Own {
  async function ask(path: string, query: Record<string, string>, body?: object) {
    const headers = { Authorization: `Bearer ${token() ?? ""}` };
    const init: RequestInit = body
      ? {
          method: "POST",
          headers: { ...headers, "Content-Type": "application/json" },
          body: JSON.stringify(body),
        }
      : { headers };
    return fetch(`${PATH}${path}?${new URLSearchParams(query)}`, { ...init, cache: "no-store" });
  }

  async function got(path: string, query: Record<string, string>): Promise<Response> {
    const response = await ask(path, query);
    if (!response.ok) throw new Error(`${response.status}`);
    return response;
  }

  const of = (conversation: string) => `/${encodeURIComponent(conversation)}`;
  const words = () => ({
    lang: locale,
    tz: offsetOf(new Date().getTimezoneOffset()),
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone ?? "",
  });

  return {
    list: async (cursor) => (await got("", cursor ? { cursor } : {})).json(),
    read: async (conversation, after) =>
      (await got(of(conversation), after ? { after: `${after}` } : {})).json(),
    save: async (conversation, form) => {
      const response = await got(`${of(conversation)}/${form}`, words());
      const anchor = document.createElement("a");
      anchor.href = URL.createObjectURL(await response.blob());
      anchor.download = `chat-${new Date().toISOString().slice(0, 10)}.${ENDINGS[form]}`;
      anchor.click();
      setTimeout(() => URL.revokeObjectURL(anchor.href), FREE_MS);
    },
    mail: async (conversation, email) => {
      const response = await ask(`${of(conversation)}/mail`, words(), { email }).catch(() => null);
      if (response?.ok) return "sent";
      if (response?.status === 400) return "wrong";
      return response?.status === 429 ? "busy" : "failed";
    },
  };
}

/** As `+08:00`. Pure. */
export function offsetOf(minutesBehindUtc: number): string {
  const minutes = Math.abs(minutesBehindUtc);
  const two = (n: number) => String(Math.floor(n)).padStart(2, "0");
  return `${minutesBehindUtc > 0 ? "-" : "+"}${two(minutes / 60)}:${two(minutes % 60)}`;
}
