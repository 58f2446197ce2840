// The way to the server: a WebSocket, else polls. Both addresses differ in one word.

import { systemClock } from "./clock";
import type { Dial } from "./connection";
import { withFallback } from "./fallback";
import { polling } from "./poll";
import { openShelf } from "./shelf";
import { webSocket } from "./socket";

/** `socket` is the WebSocket's address; `headers` go with every poll. */
export function transports(socket: () => string, headers: Record<string, string> = {}): Dial {
  const clock = systemClock;
  return withFallback({
    socket: webSocket(socket),
    poll: polling({
      url: () => socket().replace("ws", "http").replace("/ws/", "/poll/"),
      headers,
      hidden: () => document.visibilityState === "hidden",
      clock,
    }),
    memory: openShelf("chat-socket.", () => localStorage),
    clock,
  });
}
