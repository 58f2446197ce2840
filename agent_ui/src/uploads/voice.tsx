/** Says how files fare to those who do not see the bar. A failure is an alert of its own. */

import { newsOf, shownName } from "@chat/widget/files";
import type { Outgoing } from "@chat/widget/wire";
import { VisuallyHidden } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useLive, useText } from "../app/context";
import type { Thread } from "../state/thread";

export function FileVoice({ thread: { conversation, facts } }: { thread: Thread }) {
  const t = useText();
  const outbox = useLive((state) => state.outbox);
  const before = useRef<readonly Outgoing[]>([]);
  const [words, setWords] = useState("");
  useEffect(() => {
    const now = outbox.filter(({ lane }) => lane === conversation);
    const isStored = ({ client_id }: Outgoing) => facts.some((f) => f.client_id === client_id);
    const said = newsOf(before.current, now, isStored).map(([what, { files = [] }]) =>
      t(`file.said.${what}`, { names: files.map(({ name }) => shownName(name)).join(", ") }),
    );
    before.current = now;
    if (said.length > 0) setWords(said.join("\n"));
  }, [outbox, conversation, facts, t]);
  return <VisuallyHidden role="status">{words}</VisuallyHidden>;
}
