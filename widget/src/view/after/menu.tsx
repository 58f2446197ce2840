// What the header's button opens: earlier chats, and ways to take this one along.

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
}

interface Props extends MenuProps {
  own: Own;
  /** Whether this service sends mail. */
  mails: boolean;
}

export function Menu({ own, mails, onClose }: Props) {
  const { session } = useChat();
  const t = useAfterWords();
  const box = useRef<HTMLDivElement>(null);
  const mode = useSignal<"menu" | "past" | "mail">("menu");
  const hasFailed = useSignal(false);
  const { conversation, thread } = session.store.state.value;
  const hasWords = thread.some((fact) => fact.kind === "message.sent");

  useEffect(() => {
    box.current?.querySelector("button")?.focus();
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
        </ul>
      )}
      {hasFailed.value && <p role="alert">{t("save.failed")}</p>}
    </div>
  );
}

function Entry({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <li>
      <button type="button" class="after-entry" onClick={onClick}>
        {label}
      </button>
    </li>
  );
}
