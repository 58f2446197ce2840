/** Somebody is writing. Its line keeps its height, so that nothing moves when it comes and goes. */

import { useLive, useText } from "../app/context";
import type { ConversationId } from "../wire";
import classes from "./typing-line.module.css";

export function TypingLine({ conversation }: { conversation: ConversationId }) {
  const t = useText();
  const typist = useLive((state) => state.typing[conversation]);
  const name = typist?.name ?? t(typist?.kind === "agent" ? "thread.colleague" : "event.visitor");
  return (
    <p className={classes.line}>
      {typist && (
        <>
          <span className={classes.dots} aria-hidden>
            <i />
            <i />
            <i />
          </span>
          <span>{t("thread.typing", { name })}</span>
          {typist.draft && <span className={classes.draft}>{typist.draft}</span>}
        </>
      )}
    </p>
  );
}
