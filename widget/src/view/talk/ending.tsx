// Ending a chat is asked once more, where the thumb already is.

import { useEffect, useRef } from "preact/hooks";
import { useChat } from "../context";

export function EndQuestion({ onAnswer }: { onAnswer: (yes: boolean) => void }) {
  const { t } = useChat();
  const keep = useRef<HTMLButtonElement>(null);
  useEffect(() => keep.current?.focus(), []);
  return (
    <fieldset class="ending">
      <legend class="ending-question">{t("end.ask")}</legend>
      <button type="button" class="button" ref={keep} onClick={() => onAnswer(false)}>
        {t("end.no")}
      </button>
      <button type="button" class="button button-danger" onClick={() => onAnswer(true)}>
        {t("end")}
      </button>
    </fieldset>
  );
}
