// What the header's button opens: earlier chats, ways to take this one along, and its end.

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { useChat } from "../context";
import { MailForm } from "./mail-form";
import { Mute } from "./mute";
import type { Form, Own } from "./own";
import { Past } from "./past";
import { useAfterWords } from "./words";

export interface MenuProps {
  onClose: () => void;
  /** To be asked once more. */
  onEnd: () => void;
}

interface Props extends MenuProps {
  own: Own;
  /** Whether this service sends mail. */
  mails: boolean;
}

export function Menu({ own, mails, onClose, onEnd }: Props) {
  const { session, t: words } = useChat();
  const t = useAfterWords();
  const box = useRef<HTMLDivElement>(null);
  const mode = useSignal<"menu" | "past" | "mail">("menu");
  const hasFailed = useSignal(false);
  const { conversation, phase, stage, thread } = session.store.state.value;
  const canEnd = conversation !== null && phase !== "closed" && stage === "live";
  const hasWords = thread.some((fact) => fact.kind === "message.sent");

  // The focus goes back where it came from, unless it has left already.
  useEffect(() => {
    const before = document.activeElement;
    return () => {
      const now = document.activeElement;
      const isHere = now === document.body || now?.closest(".after-menu, .past");
      if (isHere && before instanceof HTMLElement) before.focus();
    };
  }, []);

  useEffect(() => {
    box.current?.querySelector<HTMLElement>("input, button")?.focus();
  }, [mode.value]);

  function turn(to: "past" | "mail"): void {
    mode.value = to;
  }

  async function save(form: Form): Promise<void> {
    if (conversation === null) return;
    hasFailed.value = false;
    try {
      await own.save(conversation, form);
      onClose();
    } catch {
      hasFailed.value = true;
    }
  }

  if (mode.value === "past") return <Past own={own} onClose={onClose} />;
  return (
    <div class="after-menu" ref={box}>
      {mode.value === "mail" && conversation !== null ? (
        <MailForm own={own} conversation={conversation} onClose={onClose} />
      ) : (
        <ul>
          <Entry label={t("menu.past")} onClick={() => turn("past")} />
          {conversation !== null && hasWords && (
            <>
              <Entry label={t("menu.text")} onClick={() => void save("text")} />
              <Entry label={t("menu.page")} onClick={() => void save("page")} />
              {mails && <Entry label={t("menu.mail")} onClick={() => turn("mail")} />}
            </>
          )}
          <Mute />
          {canEnd && <Entry label={words("end")} kind="after-end" onClick={onEnd} />}
        </ul>
      )}
      {hasFailed.value && <p role="alert">{t("save.failed")}</p>}
    </div>
  );
}

interface EntryProps {
  label: string;
  kind?: string;
  onClick: () => void;
}

function Entry({ label, kind = "", onClick }: EntryProps) {
  return (
    <li>
      <button type="button" class={`after-entry ${kind}`} onClick={onClick}>
        {label}
      </button>
    </li>
  );
}
