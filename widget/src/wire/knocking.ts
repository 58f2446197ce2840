// Polls that knock now and then: where a WebSocket gets through again, they give way to it. Comes with the polls' code.

import type { Clock } from "./clock";
import type { Dial } from "./connection";
import { isWelcome } from "./fallback";
import { CloseCode } from "./protocol.gen";

export interface KnockingOptions {
  poll: Dial;
  socket: Dial;
  /** Sockets are to be tried again. */
  forget(): void;
  clock: Clock;
}

const RETRY_MS = 5 * 60_000;

export function knocking({ poll, socket, forget, clock }: KnockingOptions): Dial {
  return (events, again) => {
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
          if (!welcomed || saysWhen(code)) forget();
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
            forget();
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
