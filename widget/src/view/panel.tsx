// The whole panel: who is there, what was said, what to say next.

import { useComputed, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Announcer } from "./announcer";
import { Composer } from "./composer";
import { useChat } from "./context";
import { EndQuestion } from "./ending";
import { Header } from "./header";
import { Notice } from "./notice";
import { Thread } from "./thread";

export function Panel() {
  const { session, close, site, t } = useChat();
  const asksToEnd = useSignal(false);
  const isOver = useComputed(() => session.store.state.value.phase === "closed");
  const asking = asksToEnd.value && !isOver.value;

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || event.isComposing) return;
      event.preventDefault();
      if (asksToEnd.value) asksToEnd.value = false;
      else close?.();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [close, asksToEnd]);

  return (
    <main class="panel" aria-label={t("title", { site: site.name })}>
      <Header
        onEnd={() => {
          asksToEnd.value = true;
        }}
      />
      <Thread />
      <Notice />
      {asking ? (
        <EndQuestion
          onAnswer={(yes) => {
            asksToEnd.value = false;
            if (yes) session.end();
          }}
        />
      ) : (
        <Composer />
      )}
      <Announcer />
    </main>
  );
}
