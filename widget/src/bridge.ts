// What the host page's loader and our frame say to each other, over a MessagePort and never by broadcast.

import type { Availability, Page } from "./wire";

export type Value = string | number | boolean | null;
export type Values = Readonly<Record<string, Value>>;

/** What a page says of its visitor. It comes with the first message, or later, and may come again. */
export type Said =
  /** Signed by the site (`token`, a JWT), or the page's mere word. The last one counts. */
  | { t: "identify"; token?: string | undefined; traits?: Values | undefined }
  /** Merged with what was said before; null takes one away. */
  | { t: "attributes"; values: Values }
  /** A conversation is wanted; `text` goes where the visitor writes, and no further. */
  | { t: "start"; text?: string | undefined }
  /** The visitor came by this greeting: its words are the panel's first line. */
  | { t: "greeting"; id: string; text: string };

/**
 * The first message, the only one by `postMessage`; it carries the port. A loader may be older than its frame
 * (caches, pages that stay open), so what came later is optional.
 */
export interface Init {
  t: "init";
  page: Page;
  shown: boolean;
  /** The visitor's focus is in our part of the page; else the panel must not take it. */
  focused: boolean;
  /** What the frame asked the host to keep, the last time. */
  kept: string | null;
  /** The page wants its visitor forgotten before anything else. */
  forgets: boolean;
  said?: Said[];
  /** What a mailed link left behind the `#`: it leads back into a chat, once. */
  resume?: string | null | undefined;
  /** It stands in a container of the page: nothing to close. */
  inline?: boolean;
  /** Nothing may be stored, no socket opened, before the visitor has agreed. */
  asks?: boolean;
}

export type ToFrame =
  | Said
  /** The visitor agreed, on the page's own banner say. */
  | { t: "consent" }
  | { t: "shown"; on: boolean }
  | { t: "page"; url: string; title: string; referrer: string };

export type ToHost =
  | { t: "ready" }
  | { t: "open" }
  | { t: "close" }
  /** The visitor agreed in the frame. */
  | { t: "consent" }
  /** While closed: the frame wants to be seen as a card of this height, with the news; null: no more. */
  | { t: "peek"; height: number | null }
  /** `text` is said aloud while the panel is closed; it never holds what was written. */
  | { t: "unread"; count: number; text: string }
  /**
   * To be kept in the host's storage while there is a conversation: the visitor's token as a resume handle where
   * the frame has no storage of its own, else a mere flag.
   */
  | { t: "keep"; value: string | null }
  | { t: "unsent"; on: boolean }
  | HostEvent;

/** What a host page can listen to. */
export type HostEvent =
  | { t: "event"; name: "availability"; detail: Availability }
  | { t: "event"; name: "message"; detail: { from: "agent" | "visitor" } }
  /** What became of the site's word for who its visitor is; `code`: why it was not believed. */
  | { t: "event"; name: "identity"; detail: { verified: boolean; code?: string | undefined } }
  | { t: "event"; name: "chat:start" | "chat:end"; detail?: undefined };

export interface Host {
  post(message: ToHost): void;
  onMessage(handle: (message: ToFrame) => void): void;
}

// Titles and addresses come from the customer's page; nothing there is worth more than this.
const MAX_URL = 2000;
const MAX_TITLE = 300;
// A page may say a good deal of its visitor, but not its whole database; a token has a few hundred letters.
const MAX_VALUES = 100;
const MAX_NAME = 64;
const MAX_VALUE = 1000;
const MAX_TOKEN = 8000;
const MAX_DRAFT = 4000;

/**
 * Waits for the loader's port. Only the parent window counts, and only from an origin on the list; whoever
 * else writes to this window gets no answer, not even an error.
 */
export function acceptPort(
  view: Window,
  origins: readonly string[],
  connected: (host: Host, init: Init) => void,
): void {
  const listen = (event: MessageEvent<unknown>) => {
    const port = event.ports[0];
    if (event.source !== view.parent || !origins.includes(event.origin)) return;
    if (!port || !isInit(event.data)) return;
    view.removeEventListener("message", listen);
    const { page, said, ...rest } = event.data;
    const host = openHost(port);
    connected(host, {
      ...rest,
      page: trimPage(page),
      said: said?.filter(isSaid).map(trimSaid) ?? [],
    });
    host.post({ t: "ready" });
  };
  view.addEventListener("message", listen);
}

export function trimPage(page: Page): Page {
  return {
    url: page.url.slice(0, MAX_URL),
    title: page.title?.slice(0, MAX_TITLE),
    referrer: page.referrer?.slice(0, MAX_URL),
  };
}

export function trimSaid(said: Said): Said {
  switch (said.t) {
    case "identify": {
      // A page says both in one object; the loader, where each byte counts, leaves that to us.
      const { token, ...traits } = said.traits ?? {};
      const signed = said.token ?? (typeof token === "string" ? token : undefined);
      return { t: said.t, token: signed?.slice(0, MAX_TOKEN), traits: trimValues(traits) };
    }
    case "attributes":
      return { t: said.t, values: trimValues(said.values) };
    case "start":
      return { t: said.t, text: said.text?.slice(0, MAX_DRAFT) };
    case "greeting":
      return { t: said.t, id: said.id.slice(0, MAX_NAME), text: said.text.slice(0, MAX_TITLE) };
  }
}

function trimValues(values: Values): Values {
  const kept = Object.entries(values).filter(([name]) => name && name.length <= MAX_NAME);
  return Object.fromEntries(
    kept
      .slice(0, MAX_VALUES)
      .map(([name, value]) => [
        name,
        typeof value === "string" ? value.slice(0, MAX_VALUE) : value,
      ]),
  );
}

export function isToFrame(data: unknown): data is ToFrame {
  if (!isRecord(data)) return false;
  if (data.t === "consent" || isSaid(data)) return true;
  if (data.t === "shown") return typeof data.on === "boolean";
  return data.t === "page" && typeof data.url === "string" && typeof data.title === "string";
}

function openHost(port: MessagePort): Host {
  return {
    post: (message) => port.postMessage(message),
    onMessage: (handle) => {
      port.onmessage = (event: MessageEvent<unknown>) => {
        const { data } = event;
        if (isToFrame(data)) handle(isSaid(data) ? trimSaid(data) : data);
      };
    },
  };
}

function isSaid(data: unknown): data is Said {
  if (!isRecord(data)) return false;
  const isText = (value: unknown) => value === undefined || typeof value === "string";
  if (data.t === "attributes") return isValues(data.values);
  if (data.t === "start") return isText(data.text);
  if (data.t === "greeting") return `${typeof data.id}${typeof data.text}` === "stringstring";
  if (data.t !== "identify") return false;
  return isText(data.token) && (data.traits === undefined || isValues(data.traits));
}

function isValues(data: unknown): data is Values {
  if (!isRecord(data) || Array.isArray(data)) return false;
  const kinds = ["string", "number", "boolean"];
  return Object.values(data).every((value) => value == null || kinds.includes(typeof value));
}

function isInit(data: unknown): data is Init {
  if (!isRecord(data) || data.t !== "init" || !isRecord(data.page)) return false;
  const { url, title, referrer } = data.page;
  const texts = [url, title ?? "", referrer ?? "", data.kept ?? "", data.resume ?? ""];
  const claims = [data.shown, data.focused, data.forgets];
  if (data.said !== undefined && !Array.isArray(data.said)) return false;
  return (
    claims.every((claim) => typeof claim === "boolean") &&
    texts.every((text) => typeof text === "string")
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
