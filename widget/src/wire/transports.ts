// The way to the server: a WebSocket, else polls. Both addresses differ in one word.

import { systemClock } from "./clock";
import type { Dial, Wire } from "./connection";
import { withFallback } from "./fallback";
import { openShelf } from "./shelf";
import { webSocket } from "./socket";

const LOST = 1006;

/** `socket` is the WebSocket's address; `headers` go with every poll. */
export function transports(socket: () => string, headers: Record<string, string> = {}): Dial {
  const direct = webSocket(socket);
  return withFallback({
    socket: direct,
    poll: (forget) =>
      loadedLate(async () => {
        const { knocking, polling } = await loadPolls(forget);
        const url = () => socket().replace("ws", "http").replace("/ws/", "/poll/");
        const hidden = () => document.visibilityState === "hidden";
        const poll = polling({ url, headers, hidden, clock: systemClock });
        return knocking({ poll, socket: direct, forget, clock: systemClock });
      }),
    memory: openShelf("chat-socket.", () => localStorage),
  });
}

/** Code that does not come says nothing against sockets. */
async function loadPolls(forget: () => void) {
  try {
    return await import("./polls");
  } catch (error) {
    forget();
    throw error;
  }
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
