// Which transport to dial: a WebSocket, unless this network never lets one through and polls do get through.

import type { Clock } from "./clock";
import type { Dial, Wire, WireEvents } from "./connection";
import { CloseCode } from "./protocol.gen";

export interface FallbackOptions {
  socket: Dial;
  poll: Dial;
  /** Whether a WebSocket ever worked here; kept for as long as the browser lets us. */
  memory: { get(name: string): string | null; set(name: string, value: string): void };
  clock: Clock;
}

const LOST = 1006;
const FAILURES = 2;
const RETRY_MS = 5 * 60_000;
const WORKED = "worked";

/**
 * A node that restarts must not turn every client into one that polls. So a server that says when to come back
 * (drain, 1012, 1013, any 5xx) starts the count anew, and who had a WebSocket once keeps to it.
 */
export function withFallback({ socket, poll, memory, clock }: FallbackOptions): Dial {
  let failures = 0;

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

  function byPoll(events: WireEvents, again: () => Promise<string | number>): Wire {
    let welcomed = false;
    let isOpen = true;
    let cancel = () => {};
    const wire = poll(
      {
        ...events,
        message: (text) => {
          if (!welcomed && isWelcome(text)) {
            welcomed = true;
            cancel = clock.later(RETRY_MS, retry);
          }
          events.message(text);
        },
        closed: (code) => {
          done();
          // A poll that failed at once says that it is the server, not the way to it.
          if (!welcomed || saysWhen(code)) failures = 0;
          events.closed(code);
        },
      },
      again,
    );

    function done(): void {
      isOpen = false;
      cancel();
    }

    /** Knocks beside the running poll, so that a network that still blocks us costs nobody a message. */
    function retry(): void {
      let answered = false;
      const knock = socket(
        {
          opened: () => {
            answered = true;
            knock.close();
            if (!isOpen) return;
            done();
            failures = 0;
            wire.close();
            events.closed(CloseCode.RESYNC);
          },
          message: () => {},
          alive: () => {},
          closed: () => {
            if (isOpen && !answered) cancel = clock.later(RETRY_MS, retry);
            answered = true;
          },
        },
        again,
      );
    }

    return {
      send: wire.send,
      close: () => {
        done();
        wire.close();
      },
    };
  }

  return (events, again) => {
    const blocked = failures >= FAILURES && memory.get(WORKED) === null;
    return (blocked ? byPoll : bySocket)(events, again);
  };
}

function saysWhen(code: number): boolean {
  const codes: number[] = [
    CloseCode.DRAIN,
    CloseCode.INTERNAL,
    CloseCode.RESTART,
    CloseCode.TRY_LATER,
  ];
  return codes.includes(code);
}

function isWelcome(text: string): boolean {
  return text.startsWith('{"t":"welcome"');
}
