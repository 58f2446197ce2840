/** The present moment, renewed at one pace for everyone who shows it. */

import { useSyncExternalStore } from "react";

interface Ticker {
  subscribe: (listener: () => void) => () => void;
  get: () => number;
}

function createTicker(ms: number): Ticker {
  let now = Date.now();
  let timer: ReturnType<typeof setInterval> | undefined;
  const listeners = new Set<() => void>();
  const tick = (): void => {
    now = Date.now();
    for (const listener of listeners) listener();
  };
  return {
    subscribe(listener) {
      if (listeners.size === 0) {
        now = Date.now();
        timer = setInterval(tick, ms);
      }
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) clearInterval(timer);
      };
    },
    get: () => now,
  };
}

const seconds = createTicker(1000);
const minutes = createTicker(30_000);

export function useNow(pace: "second" | "minute"): number {
  const ticker = pace === "second" ? seconds : minutes;
  return useSyncExternalStore(ticker.subscribe, ticker.get);
}
