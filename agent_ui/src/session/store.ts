/** Holds the live state and tells those who look. The only mutable place of the console's state. */

import { applyFrame, applyIntent, type Intent, initialState, type State } from "../state/state";
import type { ServerFrame } from "../wire";

export interface Store {
  get(): State;
  frame(frame: ServerFrame): void;
  dispatch(intent: Intent): void;
  subscribe(listener: () => void): () => void;
}

export function createStore(me: string, now: () => number): Store {
  let state = initialState(me);
  const listeners = new Set<() => void>();
  const become = (next: State): void => {
    if (next === state) return;
    state = next;
    for (const listener of listeners) listener();
  };
  return {
    get: () => state,
    frame: (frame) => become(applyFrame(state, frame, now())),
    dispatch: (intent) => become(applyIntent(state, intent)),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
