// How was it? From 1 to 5 with words, resolved or not, why, and whatever else there is to say.

import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { newId } from "../../ids";
import { useChat } from "../context";
import { type Ask, askOf } from "./ask";
import { Choice } from "./choice";
import { openDrafts, type RatingDraft } from "./draft";
import { RatingForm } from "./rating-form";
import { useAfterWords } from "./words";

export function Rating() {
  const { session, rating } = useChat();
  const ask = useComputed(() => askOf(session.store.state.value, rating.enabled));
  return ask.value && <Asked key={ask.value.key} ask={ask.value} />;
}

function Asked({ ask }: { ask: Ask }) {
  const { session, shelf } = useChat();
  const t = useAfterWords();
  const drafts = useMemo(() => openDrafts(shelf), [shelf]);
  const kept = useMemo(() => drafts.get(ask.key), [drafts, ask.key]);
  const draft = useSignal<RatingDraft | null>(kept === "skipped" ? null : kept);
  const isSkipped = useSignal(kept === "skipped");
  const isChanging = useSignal(false);
  const problem = useSignal<string | null>(null);
  const isLive = useComputed(() => session.store.state.value.stage === "live");
  const isSending = useRef(false);

  const sending = draft.value?.client_id !== undefined;
  useEffect(() => {
    if (sending && isLive.value) void send();
  }, [sending, isLive.value]);

  function change(next: RatingDraft): void {
    draft.value = next;
    drafts.set(ask.key, next);
  }

  /** Again under the same name when the line breaks in between. */
  async function send(): Promise<void> {
    const told = draft.value;
    if (!told?.client_id || isSending.current) return;
    isSending.current = true;
    const { client_id, score, reasons, comment } = told;
    const resolved = told.resolved ?? undefined;
    const rating = { conversation: ask.conversation, client_id, score, resolved, reasons, comment };
    const outcome = await session.rate(rating);
    isSending.current = false;
    if ("error" in outcome && outcome.error.temporary) return later(outcome.error.retry_after);
    drafts.remove(ask.key);
    draft.value = null;
    isChanging.value = false;
    problem.value = "error" in outcome ? outcome.error.code : null;
  }

  function later(seconds = 3): void {
    setTimeout(() => isLive.value && void send(), seconds * 1000);
  }

  if (problem.value !== null)
    return (
      <p class="rating-note" role="status">
        {t(problem.value === "rating_over" ? "rating.over" : "rating.failed")}
      </p>
    );
  if (ask.isAnswered && !isChanging.value && !sending)
    return (
      <Thanks
        ask={ask}
        onChange={() => {
          if (ask.given)
            change({
              ...ask.given,
              resolved: ask.given.resolved ?? null,
              reasons: [...(ask.given.reasons ?? [])],
            });
          isChanging.value = true;
        }}
      />
    );
  if (isSkipped.value) return null;
  return (
    <RatingForm
      draft={draft.value}
      isSending={sending}
      onChange={change}
      onSend={() => draft.value && change({ ...draft.value, client_id: newId() })}
      onSkip={() => {
        if (isChanging.value) {
          isChanging.value = false;
          draft.value = null;
          drafts.remove(ask.key);
          return;
        }
        isSkipped.value = true;
        drafts.set(ask.key, "skipped");
      }}
    />
  );
}

function Thanks({ ask, onChange }: { ask: Ask; onChange: () => void }) {
  const t = useAfterWords();
  return (
    <div class="rating-note">
      <p role="status">
        {t("rating.thanks")} {ask.given && <Choice score={ask.given.score} />}
      </p>
      <button type="button" class="quiet-button" onClick={onChange}>
        {t("rating.change")}
      </button>
    </div>
  );
}
