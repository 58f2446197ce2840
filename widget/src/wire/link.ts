// The rules of staying connected, as one pure function: (link, event) → link and what to do about it.
// Sockets and timers are connection.ts.

import { CloseCode } from "./protocol.gen";

export type Stage = "off" | "waiting" | "preparing" | "opening" | "greeting" | "live" | "stopped";

export interface Link {
  stage: Stage;
  /** Tries since the last connection that held. */
  tries: number;
  /** When the present run of trouble began; null while all is well. */
  troubledSince: number | null;
  /** When the present connection came alive. */
  liveSince: number | null;
  /** Times in a row that the server refused our ticket or token. */
  refusals: number;
  /** A delay the server asked for; used once instead of our own. */
  askedDelay: number | null;
  /** Why we stopped, when we did. */
  code: number | null;
}

export type LinkEvent =
  | { kind: "start" }
  | { kind: "stop" }
  | { kind: "due" }
  | { kind: "prepared"; result: Prepared }
  | { kind: "opened" }
  | { kind: "welcomed" }
  | { kind: "heard" }
  | { kind: "silent" }
  | { kind: "drain"; delay: number }
  | { kind: "closed"; code: number }
  | { kind: "nudged" };

/** What `credentials()` says: go on, try again later, or give up (signed out). */
export type Prepared = "ready" | "later" | "stop";

export type Effect =
  | { do: "prepare"; refusals: number }
  | { do: "dial" }
  | { do: "greet" }
  | { do: "probe" }
  | { do: "hangUp" }
  | { do: "wait"; ms: number }
  | { do: "watch"; ms: number }
  | { do: "rest" };

/** What a transition may look at besides the link. */
export interface Weather {
  now: number;
  random: number;
  hidden: boolean;
}

export type Step = readonly [Link, Effect[]];

// A server that is merely slow answers within 10 s; pings come every 25 s, so 35 s of silence is a dead peer.
const ANSWER_MS = 10_000;
const SILENCE_MS = 35_000;
const PROBE_MS = 5_000;
// A connection counts as good when it held this long; else accept-then-close would loop without backoff.
const HELD_MS = 10_000;
const MAX_REFUSALS = 3;

const BASE_MS = 500;
const FIRST_MINUTE_MS = 60_000;
const CAP_MS = { soon: 5_000, later: 20_000, hidden: 60_000 };

export const unlinked: Link = {
  stage: "off",
  tries: 0,
  troubledSince: null,
  liveSince: null,
  refusals: 0,
  askedDelay: null,
  code: null,
};

export function step(link: Link, event: LinkEvent, weather: Weather): Step {
  switch (event.kind) {
    case "start":
      return running(link) ? [link, []] : prepare({ ...unlinked });
    case "stop":
      return [unlinked, [{ do: "hangUp" }, { do: "rest" }]];
    case "due":
      return link.stage === "waiting" ? prepare(link) : [link, []];
    case "prepared":
      return link.stage === "preparing" ? prepared(link, event.result, weather) : [link, []];
    case "opened":
      return link.stage === "opening"
        ? [{ ...link, stage: "greeting" }, [{ do: "greet" }, watch(ANSWER_MS)]]
        : [link, []];
    case "welcomed":
      return [
        { ...link, stage: "live", liveSince: weather.now, refusals: 0, askedDelay: null },
        [watch(SILENCE_MS)],
      ];
    case "heard":
      return [link, link.stage === "live" ? [watch(SILENCE_MS)] : []];
    case "silent":
      return connected(link) ? again(link, weather, [{ do: "hangUp" }]) : [link, []];
    case "drain":
      return [{ ...link, askedDelay: event.delay }, []];
    case "closed":
      return connected(link) ? closed(link, event.code, weather) : [link, []];
    case "nudged":
      return nudged(link);
  }
}

/** 4500 and above mean stop, and so does 1009: sending the same frame again would end the same way. */
export function stops(code: number): boolean {
  return code >= 4500 || code === CloseCode.TOO_BIG;
}

/** Full jitter: random(0, min(cap, 0.5 s · 2^tries)). */
export function backoff(link: Link, weather: Weather): number {
  const troubled = weather.now - (link.troubledSince ?? weather.now);
  const patient = troubled < FIRST_MINUTE_MS ? CAP_MS.soon : CAP_MS.later;
  const cap = weather.hidden ? CAP_MS.hidden : patient;
  return weather.random * Math.min(cap, BASE_MS * 2 ** Math.min(link.tries, 16));
}

function running(link: Link): boolean {
  return link.stage !== "off" && link.stage !== "stopped";
}

function connected(link: Link): boolean {
  return link.stage === "opening" || link.stage === "greeting" || link.stage === "live";
}

function watch(ms: number): Effect {
  return { do: "watch", ms };
}

function prepare(link: Link): Step {
  return [{ ...link, stage: "preparing" }, [{ do: "prepare", refusals: link.refusals }]];
}

function prepared(link: Link, result: Prepared, weather: Weather): Step {
  if (result === "ready")
    return [{ ...link, stage: "opening" }, [{ do: "dial" }, watch(ANSWER_MS)]];
  if (result === "stop") return stop(link, CloseCode.SIGNED_OUT);
  return again(link, weather, []);
}

function closed(link: Link, code: number, weather: Weather): Step {
  const refused = code === CloseCode.BAD_TICKET || code === CloseCode.TOKEN_EXPIRED;
  if (refused && link.refusals + 1 < MAX_REFUSALS)
    return again({ ...link, refusals: link.refusals + 1 }, weather, []);
  if (refused || stops(code)) return stop(link, code);
  return again(link, weather, []);
}

function stop(link: Link, code: number): Step {
  return [{ ...link, stage: "stopped", code, liveSince: null }, [{ do: "rest" }]];
}

function again(link: Link, weather: Weather, effects: Effect[]): Step {
  const held = link.liveSince !== null && weather.now - link.liveSince >= HELD_MS;
  const next: Link = {
    ...link,
    stage: "waiting",
    tries: held ? 0 : link.tries,
    troubledSince: held ? weather.now : (link.troubledSince ?? weather.now),
    liveSince: null,
    askedDelay: null,
  };
  const ms = link.askedDelay ?? backoff(next, weather);
  return [{ ...next, tries: next.tries + 1 }, [...effects, { do: "wait", ms }]];
}

/** The network came back or the page was looked at: do not sit out a long wait, do not trust an old socket. */
function nudged(link: Link): Step {
  if (link.stage === "waiting") return prepare({ ...link, tries: 0, troubledSince: null });
  if (link.stage === "live") return [link, [watch(PROBE_MS), { do: "probe" }]];
  const yielded = link.stage === "stopped" && link.code === CloseCode.REPLACED;
  return yielded ? prepare({ ...unlinked }) : [link, []];
}
