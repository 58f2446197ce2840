// The shell around link.ts: holds the socket and the two timers, speaks hello and pong, hands frames on.

import type { Clock, Random } from "./clock";
import { type Effect, type Link, type LinkEvent, type Prepared, step, unlinked } from "./link";
import { CloseCode, type Drain, type Ping } from "./protocol.gen";

const LOST = 1006;
// Since this version of the wire the server answers our ping.
const ANSWERS_PING = 2;

export interface Wire {
  send(text: string): void;
  close(): void;
}

export interface WireEvents {
  opened(): void;
  message(text: string): void;
  /** The server answered, though it had nothing to say. */
  alive(): void;
  closed(code: number): void;
}

/**
 * Opens a transport; every event goes to `events`, and none after `closed`. `again` gives another hello, or the code
 * to close with: for a transport that has to introduce itself more than once.
 */
export type Dial = (events: WireEvents, again: () => Promise<string | number>) => Wire;

export interface ConnectionOptions<In extends { t: string }, Out> {
  dial: Dial;
  hello(): Out;
  pong(): Out;
  /** Makes sure that the next hello will be accepted; `refusals` counts how often the last ones were not. */
  credentials(refusals: number): Promise<Prepared>;
  onFrame(frame: In): void;
  onLink(link: Link): void;
  /** The server answered, though it had nothing to say. Polls bring no ping to do things at. */
  onAlive?(): void;
  hidden?(): boolean;
  clock: Clock;
  random: Random;
}

export interface Connection<Out> {
  start(): void;
  stop(): void;
  /** The network came back or the page became visible. */
  nudge(): void;
  /** The peer does not answer: hang up and dial again. */
  drop(): void;
  /** False when there is no live connection; then nothing was sent. */
  send(frame: Out): boolean;
  link(): Link;
}

export function createConnection<In extends { t: string }, Out>(
  options: ConnectionOptions<In, Out>,
): Connection<Out> {
  let link = unlinked;
  let wire: Wire | null = null;
  let spoken = 1;
  let cancelWait = () => {};
  let cancelWatch = () => {};

  function happened(event: LinkEvent): void {
    const weather = {
      now: options.clock.now(),
      random: options.random(),
      hidden: options.hidden?.() ?? false,
    };
    const before = link;
    const [next, effects] = step(link, event, weather);
    link = next;
    for (const effect of effects) perform(effect);
    if (next !== before) options.onLink(link);
  }

  function perform(effect: Effect): void {
    switch (effect.do) {
      case "prepare":
        cancelWait();
        void prepare(effect.refusals);
        break;
      case "dial":
        dial();
        break;
      case "greet":
        write(options.hello());
        break;
      case "probe":
        probe();
        break;
      case "hangUp":
        hangUp();
        break;
      case "wait":
        cancelWatch();
        cancelWait = options.clock.later(effect.ms, () => happened({ kind: "due" }));
        break;
      case "watch":
        cancelWatch();
        cancelWatch = options.clock.later(effect.ms, () => happened({ kind: "silent" }));
        break;
      case "rest":
        cancelWait();
        cancelWatch();
        break;
    }
  }

  async function prepare(refusals: number): Promise<void> {
    // A failing fetch is the ordinary case of being offline, not an error to report.
    const result = await options.credentials(refusals).catch(() => "later" as const);
    happened({ kind: "prepared", result });
  }

  function dial(): void {
    const mine: Wire = options.dial(
      {
        opened: () => wire === mine && happened({ kind: "opened" }),
        message: (text) => wire === mine && receive(text),
        alive: () => {
          if (wire !== mine) return;
          happened({ kind: "heard" });
          if (link.stage === "live") options.onAlive?.();
        },
        closed: (code) => {
          if (wire !== mine) return;
          wire = null;
          happened({ kind: "closed", code });
        },
      },
      introduction,
    );
    wire = mine;
  }

  async function introduction(): Promise<string | number> {
    const result = await options.credentials(0).catch(() => "later" as const);
    if (result === "stop") return CloseCode.SIGNED_OUT;
    return result === "ready" ? encode(options.hello()) : LOST;
  }

  function receive(text: string): void {
    const frame = parse<In>(text);
    if (frame === null) return;
    if (isWelcome(frame)) {
      spoken = frame.v;
      happened({ kind: "welcomed" });
    } else happened({ kind: "heard" });
    if (isDrain(frame)) happened({ kind: "drain", delay: frame.reconnect_in_ms });
    options.onFrame(frame);
    if (isPing(frame)) write(options.pong());
  }

  /** An older server would not answer; then the connection is believed, as ever. */
  function probe(): void {
    if (spoken < ANSWERS_PING) happened({ kind: "heard" });
    else wire?.send('{"t":"ping"}');
  }

  function hangUp(): void {
    const old = wire;
    wire = null;
    old?.close();
  }

  function write(frame: Out): void {
    wire?.send(encode(frame));
  }

  return {
    start: () => happened({ kind: "start" }),
    stop: () => happened({ kind: "stop" }),
    nudge: () => happened({ kind: "nudged" }),
    drop: () => happened({ kind: "silent" }),
    send: (frame) => {
      if (link.stage !== "live") return false;
      write(frame);
      return true;
    },
    link: () => link,
  };
}

function parse<In extends { t: string }>(text: string): In | null {
  try {
    const frame: unknown = JSON.parse(text);
    return typeof frame === "object" && frame !== null && "t" in frame ? (frame as In) : null;
  } catch {
    return null; // not ours: a proxy's error page, say; the watchdog deals with a peer that talks nonsense
  }
}

function isWelcome(frame: { t: string }): frame is { t: "welcome"; v: number } {
  return frame.t === "welcome";
}

function isDrain(frame: { t: string }): frame is Drain {
  return frame.t === "drain";
}

function isPing(frame: { t: string }): frame is Ping {
  return frame.t === "ping";
}

/**
 * Half a character (of an emoji that somebody cut in two) is no text that a server takes: it would refuse the whole
 * frame, and again each time that it is sent.
 */
function encode(frame: unknown): string {
  return JSON.stringify(frame, (_, value: unknown) =>
    typeof value === "string" ? value.replace(/\p{Cs}/gu, "\ufffd") : value,
  );
}
