// The transport without sockets: each request brings a fresh hello and frames, and takes away what the server says.

import type { Clock } from "./clock";
import type { Dial, WireEvents } from "./connection";
import { CloseCode } from "./protocol.gen";

export interface PollOptions {
  url(): string;
  /** What the server wants besides our origin: the console's CSRF token. */
  headers?: Record<string, string>;
  /** Browsers allow six requests at a time for all tabs: only one that is looked at may hold one. */
  hidden(): boolean;
  clock: Clock;
}

interface Answer {
  frames: { t: string; [field: string]: unknown }[];
  close?: { code: number };
}

const LOST = 1006;
// A tab in the background asks this often; the server counts it as present for 35 s.
const HIDDEN_MS = 25_000;
const GLANCE_MS = 1_000;
// News in a burst travel together, and a server that always has some is not asked in a circle.
const BREATH_MS = 200;
// Well within what the server takes in one request.
const MAX_FRAMES = 8;
const MAX_CHARS = 8_000;

export function polling(options: PollOptions): Dial {
  return (events, again) => {
    const poll = createPoll(options, events, again);
    queueMicrotask(() => poll.open && events.opened());
    return poll;
  };
}

function createPoll(
  options: PollOptions,
  events: WireEvents,
  again: () => Promise<string | number>,
) {
  const queue: string[] = [];
  const stopped = new AbortController();
  let holding = new AbortController();
  let greeted = "";
  let standing = "";
  let isSending = false;
  // How often everything began anew on this line.
  let begun = 0;

  const poll = {
    open: true,
    send(text: string): void {
      if (greeted === "") void greet(text);
      // A question whether we live was answered by whoever asks all the time.
      else if (!text.startsWith('{"t":"pong"')) {
        queue.push(text);
        void sendAll();
      }
    },
    close(): void {
      poll.open = false;
      stopped.abort();
      holding.abort();
    },
  };

  function end(code: number): void {
    if (!poll.open) return;
    poll.close();
    events.closed(code);
  }

  async function greet(hello: string): Promise<void> {
    greeted = "?";
    if (await post(hello, [], false, stopped.signal)) void keepAsking();
  }

  async function sendAll(): Promise<void> {
    if (isSending) return;
    isSending = true;
    while (poll.open && queue.length > 0) {
      const hello = await nextHello();
      if (hello !== null) await post(hello, batch(), false, stopped.signal);
    }
    isSending = false;
    // What was sent may have changed what we follow; then the held request listens to too little.
    const hello = poll.open ? await nextHello() : null;
    if (hello !== null && standingOf(hello) !== standing) holding.abort();
  }

  function batch(): string[] {
    const frames: string[] = [];
    let chars = 0;
    while (queue[0] !== undefined && frames.length < MAX_FRAMES) {
      chars += queue[0].length;
      if (frames.length > 0 && chars > MAX_CHARS) break;
      frames.push(queue.shift() as string);
    }
    return frames;
  }

  async function keepAsking(): Promise<void> {
    while (poll.open) {
      if (options.hidden()) await inBackground();
      const hello = poll.open ? await nextHello() : null;
      if (hello === null) continue;
      standing = standingOf(hello);
      holding = new AbortController();
      await post(hello, [], !options.hidden(), holding.signal);
      await pause(BREATH_MS);
    }
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => options.clock.later(ms, resolve));
  }

  async function inBackground(): Promise<void> {
    for (let waited = 0; poll.open && options.hidden() && waited < HIDDEN_MS; waited += GLANCE_MS)
      await pause(GLANCE_MS);
  }

  async function nextHello(): Promise<string | null> {
    const hello = await again();
    if (!poll.open) return null;
    if (typeof hello === "string") return hello;
    end(hello);
    return null;
  }

  /** True when the server answered and goes on. */
  async function post(
    hello: string,
    frames: string[],
    hold: boolean,
    signal: AbortSignal,
  ): Promise<boolean> {
    const body = `{"hello":${hello},"frames":[${frames}],"hold":${hold}}`;
    const headers = { ...options.headers, "Content-Type": "application/json" };
    const request = { method: "POST", headers, body, signal, cache: "no-store" } as const;
    const asked = begun;
    try {
      const response = await fetch(options.url(), request);
      if (!response.ok) end(codeOf(response.status));
      else deliver((await response.json()) as Answer, hold, asked);
    } catch {
      if (!signal.aborted) end(LOST);
    }
    return poll.open;
  }

  function deliver({ frames, close }: Answer, hold: boolean, asked: number): void {
    if (!poll.open) return;
    events.alive();
    // Asked before everything began anew: its rows follow on others that are gone by now.
    const isOld = asked < begun;
    for (const frame of frames) {
      if (!poll.open || !isWanted(frame, isOld)) continue;
      if (isFresh(frame)) begun += 1;
      events.message(JSON.stringify(frame));
    }
    // Another request of this very tab took over from one that was held.
    if (close && !(hold && close.code === CloseCode.DONE)) end(close.code);
  }

  function isWanted(frame: Answer["frames"][number], isOld: boolean): boolean {
    if (frame.t === "welcome" && !isNew(frame)) return false;
    return !(isOld && goesOn(frame));
  }

  /** Each answer begins with a welcome; the session has heard it unless there is something to keep in it. */
  function isNew(welcome: Answer["frames"][number]): boolean {
    const { epoch, you, limits, availability, next_opening, status, token } = welcome;
    const text = JSON.stringify([epoch, you, limits, availability, next_opening, status]);
    const before = greeted;
    greeted = text;
    return text !== before || token !== undefined;
  }

  return poll;
}

/** Everything begins anew. */
function isFresh({ t, conversation }: Answer["frames"][number]): boolean {
  return t === "reset" && conversation === undefined;
}

/** What only means something behind what its request said it holds; facts have numbers of their own. */
function goesOn(frame: Answer["frames"][number]): boolean {
  return frame.t === "inbox" || isFresh(frame);
}

/** What a hello asks to be told of: one conversation, or some threads. */
function standingOf(text: string): string {
  const hello = JSON.parse(text) as { resume?: { conversation?: string }; threads?: object };
  return `${hello.resume?.conversation} ${Object.keys(hello.threads ?? {}).sort()}`;
}

function codeOf(status: number): number {
  if (status === 413) return CloseCode.TOO_BIG;
  return status >= 500 || status === 429 ? CloseCode.TRY_LATER : LOST;
}
