/** Holds the live state and tells those who look. The only mutable place of the console's state. */

import { applyFrame, applyIntent, type Intent, initialState, type State } from "../state/state";
import type { ServerFrame } from "../wire";

export interface Store {
  get(): State;
  frame(frame: ServerFrame): void;
  dispatch(intent: Intent): void;
  subscribe(listener: () => void): () => void;
}

/** Frames in a burst are drawn together: drawing each would leave React no time for anything else. */
const PAUSE_MS = 16;

export function createStore(me: string, now: () => number): Store {
  let state = initialState(me);
  const listeners = new Set<() => void>();
  let isResting = false;
  let isUntold = false;

  function tell(): void {
    isUntold = false;
    for (const listener of listeners) listener();
  }

  function tellSoon(): void {
    isUntold = true;
    if (isResting) return;
    isResting = true;
    tell();
    setTimeout(rested, PAUSE_MS);
  }

  function rested(): void {
    isResting = false;
    if (isUntold) tellSoon();
  }

  return {
    get: () => state,
    frame(frame) {
      const before = state;
      state = applyFrame(state, frame, now());
      if (state !== before) tellSoon();
    },
    dispatch(intent) {
      const before = state;
      state = applyIntent(state, intent);
      if (state !== before) tell();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
