// The form behind the question. Radio buttons and checkboxes, so the keyboard knows its way.

import { useEffect, useId, useRef } from "preact/hooks";
import { useChat } from "../context";
import { SCORES, useScoreWord } from "./choice";
import type { RatingDraft } from "./draft";
import { isOwnReason, reasonsFor } from "./reasons";
import { useAfterWords } from "./words";

interface Props {
  draft: RatingDraft | null;
  isSending: boolean;
  onChange: (draft: RatingDraft) => void;
  onSend: () => void;
  onSkip: () => void;
}

const COMMENT_CHARS = 1000;
const NOTHING: Omit<RatingDraft, "score"> = { resolved: null, reasons: [], comment: "" };

export function RatingForm({ draft, isSending, onChange, onSend, onSkip }: Props) {
  const t = useAfterWords();
  const wordOf = useScoreWord();
  const name = useId();
  return (
    <form
      class="rating"
      aria-label={t("rating.ask")}
      onSubmit={(event) => {
        event.preventDefault();
        if (draft && !isSending) onSend();
      }}
    >
      <div class="rating-questions">
        <fieldset class="rating-scores" disabled={isSending}>
          <legend>{t("rating.ask")}</legend>
          <div class="rating-row">
            {SCORES.map((score) => (
              <label key={score} class="rating-score">
                <input
                  type="radio"
                  name={name}
                  value={score}
                  checked={draft?.score === score}
                  aria-label={t("rating.score", { score, word: wordOf(score) })}
                  onChange={() => onChange({ ...NOTHING, ...draft, score, reasons: [] })}
                />
                <span aria-hidden="true">{score}</span>
              </label>
            ))}
          </div>
          <p
            class="rating-ends"
            aria-hidden="true"
            style={draft ? { "--score": draft.score } : undefined}
          >
            {draft ? (
              <b>{wordOf(draft.score)}</b>
            ) : (
              <>
                <span>{wordOf(1)}</span>
                <span>{wordOf(5)}</span>
              </>
            )}
          </p>
        </fieldset>
        {draft && <Details draft={draft} isSending={isSending} onChange={onChange} />}
      </div>
      <p class="rating-deeds">
        <button type="button" class="quiet-button" onClick={onSkip} disabled={isSending}>
          {t("rating.skip")}
        </button>
        {draft && (
          <button type="submit" class="button button-main" disabled={isSending}>
            {t(isSending ? "rating.sending" : "rating.send")}
          </button>
        )}
      </p>
    </form>
  );
}

type DetailProps = Pick<Props, "isSending" | "onChange"> & { draft: RatingDraft };

function Details({ draft, isSending, onChange }: DetailProps) {
  const { rating } = useChat();
  const t = useAfterWords();
  const name = useId();
  const box = useRef<HTMLDivElement>(null);
  const offered = reasonsFor(draft.score, rating);
  useEffect(() => box.current?.scrollIntoView({ block: "nearest" }), []);
  const toggle = (reason: string) =>
    onChange({
      ...draft,
      reasons: draft.reasons.includes(reason)
        ? draft.reasons.filter((one) => one !== reason)
        : [...draft.reasons, reason],
    });
  return (
    <div class="rating-details" ref={box}>
      <fieldset disabled={isSending}>
        <legend>{t("rating.resolved")}</legend>
        {([true, false] as const).map((resolved) => (
          <label key={String(resolved)} class="rating-tag">
            <input
              type="radio"
              name={name}
              checked={draft.resolved === resolved}
              onChange={() => onChange({ ...draft, resolved })}
            />
            <span>{t(resolved ? "rating.yes" : "rating.no")}</span>
          </label>
        ))}
      </fieldset>
      {offered.length > 0 && (
        <fieldset disabled={isSending}>
          <legend>{t("rating.reasons")}</legend>
          {offered.map((reason) => (
            <label key={reason} class="rating-tag">
              <input
                type="checkbox"
                checked={draft.reasons.includes(reason)}
                onChange={() => toggle(reason)}
              />
              <span>{isOwnReason(reason) ? t(`reason.${reason}`) : reason}</span>
            </label>
          ))}
        </fieldset>
      )}
      <label class="rating-comment">
        <span>{t("rating.comment")}</span>
        <textarea
          rows={2}
          dir="auto"
          maxLength={COMMENT_CHARS}
          disabled={isSending}
          value={draft.comment}
          onInput={(event) => onChange({ ...draft, comment: event.currentTarget.value })}
        />
      </label>
    </div>
  );
}
