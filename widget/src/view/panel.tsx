// The whole panel: who is there, what was said, what to say next.

import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Announcer } from "./announcer";
import { Composer } from "./composer";
import { useChat } from "./context";
import { EndQuestion } from "./ending";
import { Header } from "./header";
import { Notice } from "./notice";
import { Thread } from "./thread";
import { isTouch } from "./touch";

export function Panel() {
  const { session, attention, close, site, t } = useChat();
  const panel = useRef<HTMLElement>(null);
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

  useEffect(() => {
    if (attention.value > 0 && isTouch()) panel.current?.focus();
  }, [attention.value]);

  return (
    <main class="panel" ref={panel} tabIndex={-1} aria-label={t("title", { site: site.name })}>
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
