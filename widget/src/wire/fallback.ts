// Which transport to dial: a WebSocket, unless this network never lets one through and polls do get through.

import type { Dial, Wire, WireEvents } from "./connection";

export interface FallbackOptions {
  socket: Dial;
  /** Polls; `forget` is for them to say that sockets may be tried again. See knocking.ts. */
  poll(forget: () => void): Dial;
  /** Whether a WebSocket ever worked here; kept for as long as the browser lets us. */
  memory: { get(name: string): string | null; set(name: string, value: string): void };
}

const LOST = 1006;
const FAILURES = 2;
const WORKED = "worked";

/**
 * A node that restarts must not turn every client into one that polls. So a server that says when to come back
 * (drain, 1012, 1013, any 5xx) starts the count anew, and who had a WebSocket once keeps to it.
 */
export function withFallback({ socket, poll, memory }: FallbackOptions): Dial {
  let failures = 0;
  const byPoll = poll(() => {
    failures = 0;
  });

  function bySocket(events: WireEvents, again: () => Promise<string | number>): Wire {
    let welcomed = false;
    let judged = false;
    const judge = (code: number) => {
      if (judged || welcomed) return;
      judged = true;
      failures = code === LOST ? failures + 1 : 0;
    };
    const wire = socket(
      {
        ...events,
        message: (text) => {
          if (isWelcome(text)) {
            welcomed = true;
            memory.set(WORKED, "1");
          }
          events.message(text);
        },
        closed: (code) => {
          judge(code);
          events.closed(code);
        },
      },
      again,
    );
    return {
      send: wire.send,
      close: () => {
        judge(LOST); // it said nothing for too long
        wire.close();
      },
    };
  }

  return (events, again) => {
    const blocked = failures >= FAILURES && memory.get(WORKED) === null;
    return (blocked ? byPoll : bySocket)(events, again);
  };
}

export function isWelcome(text: string): boolean {
  return text.startsWith('{"t":"welcome"');
}
