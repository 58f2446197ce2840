// What the host page's loader and our frame say to each other, over a MessagePort and never by broadcast.

import type { Availability, Page } from "./wire";

/** The first message, the only one by `postMessage`; it carries the port. */
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
}

export type ToFrame =
  | { t: "shown"; on: boolean }
  | { t: "page"; url: string; title: string; referrer: string };

export type ToHost =
  | { t: "ready" }
  | { t: "close" }
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
  | { t: "event"; name: "chat:start" | "chat:end"; detail?: undefined };

export interface Host {
  post(message: ToHost): void;
  onMessage(handle: (message: ToFrame) => void): void;
}

// Titles and addresses come from the customer's page; nothing there is worth more than this.
const MAX_URL = 2000;
const MAX_TITLE = 300;

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
    const { page, ...rest } = event.data;
    const host = openHost(port);
    connected(host, { ...rest, page: trimPage(page) });
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

export function isToFrame(data: unknown): data is ToFrame {
  if (!isRecord(data)) return false;
  if (data.t === "shown") return typeof data.on === "boolean";
  return data.t === "page" && typeof data.url === "string" && typeof data.title === "string";
}

function openHost(port: MessagePort): Host {
  return {
    post: (message) => port.postMessage(message),
    onMessage: (handle) => {
      port.onmessage = (event: MessageEvent<unknown>) => {
        if (isToFrame(event.data)) handle(event.data);
      };
    },
  };
}

function isInit(data: unknown): data is Init {
  if (!isRecord(data) || data.t !== "init" || !isRecord(data.page)) return false;
  const { url, title, referrer } = data.page;
  const texts = [url, title ?? "", referrer ?? "", data.kept ?? ""];
  const claims = [data.shown, data.focused, data.forgets];
  return (
    claims.every((claim) => typeof claim === "boolean") &&
    texts.every((text) => typeof text === "string")
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
