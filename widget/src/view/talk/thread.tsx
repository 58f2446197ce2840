// The conversation so far: greeting, days, events, messages, who is typing.

import { useComputed } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { firstSeq } from "../../thread";
import { useChat } from "../context";
import { Greeting } from "../greeting";
import { DownIcon } from "../icons";
import { useShared } from "./context";
import { walk } from "./deeds";
import { useFollow } from "./follow";
import { RowView } from "./row";
import { Typing } from "./typing";

export function Thread() {
  const { session, t } = useChat();
  const { state } = session.store;
  const { rows } = useShared();
  const box = useRef<HTMLDivElement>(null);
  const hasEarlier = useComputed(() => firstSeq(state.value.thread) > 1);
  const isLoading = useComputed(() => state.value.loadingEarlier);
  const { isAtEnd, missed, toEnd } = useFollow(box, rows);

  // Safari shows what a pointer above would only where somebody listens for touches.
  useEffect(() => {
    const nothing = () => {};
    box.current?.addEventListener("touchstart", nothing, { passive: true });
  }, []);

  return (
    <div class="thread-frame">
      {/* New messages are announced once, by the announcer; a live log would read out history too. */}
      <div
        class="thread"
        ref={box}
        role="log"
        aria-live="off"
        aria-label={t("messages")}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard
        tabIndex={0}
      >
        {hasEarlier.value ? (
          <button type="button" class="quiet-button thread-earlier" onClick={session.earlier}>
            {t(isLoading.value ? "loading" : "earlier")}
          </button>
        ) : (
          <Greeting />
        )}
        <ol class="rows" onKeyDown={walk}>
          {rows.value.map((row) => (
            <RowView key={row.key} row={row} />
          ))}
        </ol>
        <Typing />
      </div>
      {!isAtEnd.value && (
        <button type="button" class="pill" onClick={toEnd}>
          <DownIcon />
          {missed.value > 0 ? t("new", { count: missed.value }) : t("latest")}
        </button>
      )}
    </div>
  );
}
