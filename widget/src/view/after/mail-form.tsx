// The transcript by mail, to the visitor themselves.

import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { Mailed, Own } from "./own";
import { useAfterWords } from "./words";

interface Props {
  own: Own;
  conversation: string;
  onClose: () => void;
}

export function MailForm({ own, conversation, onClose }: Props) {
  const t = useAfterWords();
  const field = useRef<HTMLInputElement>(null);
  const email = useSignal("");
  const outcome = useSignal<Mailed | "sending" | null>(null);

  async function send(): Promise<void> {
    outcome.value = "sending";
    outcome.value = await own.mail(conversation, email.value);
    if (outcome.value !== "sent") field.current?.focus();
  }

  if (outcome.value === "sent")
    return <p role="status">{t("mail.sent", { email: email.value })}</p>;
  return (
    <form
      class="after-mail"
      // What is wrong is said in the panel's language, not in the browser's.
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <label>
        <span>{t("mail.to")}</span>
        <input
          ref={field}
          type="email"
          autocomplete="email"
          required
          dir="ltr"
          value={email.value}
          aria-invalid={outcome.value === "wrong"}
          onInput={(event) => {
            email.value = event.currentTarget.value;
          }}
        />
      </label>
      <p class="after-problem" role="alert">
        {problemOf(outcome.value, t)}
      </p>
      <p class="rating-deeds">
        <button type="button" class="quiet-button" onClick={onClose}>
          {t("mail.cancel")}
        </button>
        <button type="submit" class="button button-main" disabled={outcome.value === "sending"}>
          {t("mail.send")}
        </button>
      </p>
    </form>
  );
}

function problemOf(outcome: Mailed | "sending" | null, t: ReturnType<typeof useAfterWords>) {
  if (outcome === "wrong") return t("mail.wrong");
  if (outcome === "busy") return t("mail.busy");
  return outcome === "failed" ? t("save.failed") : null;
}
