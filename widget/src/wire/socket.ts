// The WebSocket transport.

import type { Dial } from "./connection";

const NO_STATUS = 1006;

/** Dials `url()`, asked anew for each try. A constructor that throws counts as a lost connection. */
export function webSocket(url: () => string): Dial {
  return (events) => {
    let closed = false;
    const close = (code: number) => {
      if (closed) return;
      closed = true;
      events.closed(code);
    };
    try {
      const socket = new WebSocket(url());
      socket.onopen = () => events.opened();
      socket.onmessage = (event: MessageEvent<unknown>) => {
        if (typeof event.data === "string") events.message(event.data);
      };
      socket.onclose = (event) => close(event.code);
      return { send: (text) => socket.send(text), close: () => socket.close() };
    } catch {
      queueMicrotask(() => close(NO_STATUS));
      return { send: () => {}, close: () => {} };
    }
  };
}
