// The thread's rows, made anew only when something that shows in them has changed.

import { computed, type ReadonlySignal } from "@preact/signals";
import { type Row, rowsOf } from "../../rows";
import { type ChatState, isCut } from "../../state";
import type { Store } from "../../store";

export function createRows({ state }: Store): ReadonlySignal<Row[]> {
  const part = <Value>(pick: (state: ChatState) => Value) => computed(() => pick(state.value));
  const past = part((s) => s.past);
  const thread = part((s) => s.thread);
  const outbox = part((s) => s.outbox);
  const agentRead = part((s) => s.agentRead);
  const cut = part(isCut);
  return computed(() =>
    rowsOf(
      {
        past: past.value,
        thread: thread.value,
        outbox: outbox.value,
        agentRead: agentRead.value,
      },
      cut.value,
    ),
  );
}
