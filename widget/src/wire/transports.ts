// The way to the server: a WebSocket, else polls. Both addresses differ in one word.

import { systemClock } from "./clock";
import type { Dial, Wire } from "./connection";
import { withFallback } from "./fallback";
import { openShelf } from "./shelf";
import { webSocket } from "./socket";

const LOST = 1006;

/** `socket` is the WebSocket's address; `headers` go with every poll. */
export function transports(socket: () => string, headers: Record<string, string> = {}): Dial {
  const clock = systemClock;
  return withFallback({
    socket: webSocket(socket),
    poll: loadedLate(async () => {
      const { polling } = await import("./poll");
      const url = () => socket().replace("ws", "http").replace("/ws/", "/poll/");
      const hidden = () => document.visibilityState === "hidden";
      return polling({ url, headers, hidden, clock });
    }),
    memory: openShelf("chat-socket.", () => localStorage),
    clock,
  });
}

/** A transport that few need, so that few wait for its code. Without the code it is a lost connection. */
export function loadedLate(load: () => Promise<Dial>): Dial {
  return (events, again) => {
    let wire: Wire | null = null;
    let isOpen = true;
    load().then(
      (dial) => {
        if (isOpen) wire = dial(events, again);
      },
      () => isOpen && events.closed(LOST),
    );
    return {
      send: (text) => wire?.send(text),
      close: () => {
        isOpen = false;
        wire?.close();
      },
    };
  };
}
