/** One chat: who it is, what was said, what to answer. */

import { useEffect } from "react";
import { ApiError } from "../api/http";
import { useConsole, useLive } from "../app/context";
import { Loading } from "../ui/loading";
import { Trouble } from "../ui/trouble";
import type { ConversationId } from "../wire";
import { Composer } from "./composer";
import { Header } from "./header";
import { Messages } from "./messages";
import classes from "./pane.module.css";
import { QuotingProvider } from "./quoting";
import { standingOf } from "./standing";
import { useChat } from "./use-chat";

export function ThreadPane({ conversation }: { conversation: ConversationId }) {
  const { session, t } = useConsole();
  const thread = useLive((state) => state.threads[conversation]);
  const me = useLive((state) => state.me);
  const chat = useChat(conversation);
  const standing = standingOf(chat, me);
  useEffect(() => session.open(conversation), [session, conversation]);
  useReading(conversation);
  const isEmpty = thread === undefined || thread.facts.length === 0;
  return (
    <QuotingProvider key={conversation}>
      <section className={classes.pane} aria-label={t("thread.label")}>
        <Header conversation={conversation} chat={chat} standing={standing} />
        {isEmpty && thread?.problem && (
          <Trouble error={new ApiError(thread.problem)} retry={() => session.open(conversation)} />
        )}
        {isEmpty && !thread?.problem && <Loading rows={5} height={56} />}
        {!isEmpty && <Messages thread={thread} />}
        <Composer key={conversation} conversation={conversation} chat={chat} standing={standing} />
      </section>
    </QuotingProvider>
  );
}

/** Whoever looks at a chat reads it: only while the tab is in front. */
function useReading(conversation: ConversationId): void {
  const { session } = useConsole();
  const last = useLive((state) => state.threads[conversation]?.facts.at(-1)?.seq);
  useEffect(() => {
    if (last === undefined) return;
    const read = (): void => {
      if (document.visibilityState === "visible" && document.hasFocus()) session.read(conversation);
    };
    read();
    window.addEventListener("focus", read);
    return () => window.removeEventListener("focus", read);
  }, [session, conversation, last]);
}
