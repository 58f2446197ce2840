// The truth about the connection, said only when there is something to say.

import { useComputed } from "@preact/signals";
import { type ChatState, isCut, unsent } from "../../state";
import type { Words } from "../../text";
import { CloseCode } from "../../wire";
import { useChat } from "../context";

export function Notice() {
  const { session, t } = useChat();
  const state = session.store.state;
  const text = useComputed(() => noticeText(t, state.value));
  const isStopped = useComputed(() => state.value.stage === "stopped");
  return (
    <div class="notice-place" role="status">
      {text.value && (
        <p class="notice">
          <span>{text.value}</span>
          {isStopped.value && (
            <button type="button" class="quiet-button" onClick={session.start}>
              {t("link.retry")}
            </button>
          )}
        </p>
      )}
    </div>
  );
}

export function noticeText(t: Words, state: ChatState): string | null {
  if (state.stage === "live" || state.stage === "off") return null;
  if (state.stage === "stopped")
    return t(state.stopCode === CloseCode.REPLACED ? "link.elsewhere" : "link.stopped");
  if (!isCut(state)) return t("link.connecting");
  const count = unsent(state);
  return count > 0 ? t("link.reconnecting_unsent", { count }) : t("link.reconnecting");
}
