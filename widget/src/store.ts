// The state in one place, changed only by actions.

import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { type Row, rowsOf } from "./rows";
import { type Action, type ChatState, initialState, isCut, reduce, unread } from "./state";

export interface Store {
  state: ReadonlySignal<ChatState>;
  rows: ReadonlySignal<Row[]>;
  unread: ReadonlySignal<number>;
  dispatch(action: Action): void;
}

export function createStore(textChars: number): Store {
  const state = signal(initialState(textChars));
  const part = <Value>(pick: (state: ChatState) => Value) => computed(() => pick(state.value));
  const past = part((s) => s.past);
  const thread = part((s) => s.thread);
  const outbox = part((s) => s.outbox);
  const agentRead = part((s) => s.agentRead);
  const cut = part(isCut);
  return {
    state,
    rows: computed(() =>
      rowsOf(
        {
          past: past.value,
          thread: thread.value,
          outbox: outbox.value,
          agentRead: agentRead.value,
        },
        cut.value,
      ),
    ),
    unread: part(unread),
    dispatch: (action) => {
      state.value = reduce(state.value, action);
    },
  };
}
