// Somebody on the other side is writing.

import { useComputed } from "@preact/signals";
import { useChat } from "../context";

export function Typing() {
  const { session, t } = useChat();
  const who = useComputed(() => session.store.state.value.typing);
  if (!who.value) return null;
  return (
    <p class="typing">
      <span class="typing-dots" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      {t("typing", { name: who.value.name ?? t("someone") })}
    </p>
  );
}
