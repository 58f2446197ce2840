// Says how files fare to those who do not see the bar: begun, held up, there. Failures are the announcer's.

import { useSignal, useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import { newsOf, shownName } from "../../files";
import { isStored } from "../../rows";
import type { Outgoing } from "../../wire";
import type { Tools } from "./tools";

export function Voice({ tools }: { tools: Tools }) {
  const { session, t } = tools;
  const words = useSignal("");
  const before = useRef<readonly Outgoing[]>([]);

  useSignalEffect(() => {
    const { outbox, thread } = session.store.state.value;
    const news = newsOf(before.current, outbox, (message) => isStored(message, thread));
    before.current = outbox;
    const said = news.map(([what, { files = [] }]) =>
      t(`said.${what}`, { names: files.map(({ name }) => shownName(name)).join(", ") }),
    );
    if (said.length > 0) words.value = said.join("\n");
  });

  return (
    <p class="unseen" role="status">
      {words.value}
    </p>
  );
}
