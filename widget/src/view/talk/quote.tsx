// What a message answers: above its words, and above the field while the answer is written.

import type { Quoted } from "../../rows";
import { useChat } from "../context";
import { CloseIcon } from "../icons";

interface Props {
  quoted: Quoted;
  /** Brings the message that is meant into view. */
  onShow(): void;
}

export function Quote({ quoted, onShow }: Props) {
  const { t } = useChat();
  return (
    <button type="button" class="quote" title={t("quote.show")} onClick={onShow}>
      <Said quoted={quoted} />
    </button>
  );
}

export function Quoting({ quoted }: { quoted: Quoted }) {
  const { quoting, t } = useChat();
  return (
    <div class="quoting">
      <p class="quote">
        <Said quoted={quoted} />
      </p>
      <button
        type="button"
        class="icon-button"
        aria-label={t("quote.cancel")}
        onClick={() => {
          quoting.value = null;
        }}
      >
        <CloseIcon />
      </button>
    </div>
  );
}

function Said({ quoted: { said } }: { quoted: Quoted }) {
  const { site, t } = useChat();
  if (!said) return <span class="quote-text">{t("quote.earlier")}</span>;
  const name = said.own ? t("you") : (said.name ?? site.name);
  return (
    <>
      <span class="quote-name">
        <span class="unseen">{t("quote.to", { name })}</span>
        <bdi aria-hidden="true">{name}</bdi>
      </span>
      <span class="quote-text" dir="auto">
        {said.text}
      </span>
    </>
  );
}
