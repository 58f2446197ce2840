// The state in one place, changed only by actions.

import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { type Action, type ChatState, initialState, reduce, unread } from "./state";

export interface Store {
  state: ReadonlySignal<ChatState>;
  unread: ReadonlySignal<number>;
  dispatch(action: Action): void;
}

export function createStore(textChars: number): Store {
  const state = signal(initialState(textChars));
  return {
    state,
    unread: computed(() => unread(state.value)),
    dispatch: (action) => {
      state.value = reduce(state.value, action);
    },
  };
}
