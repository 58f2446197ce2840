// Where the visitor writes. It never locks: text is kept, offline or not, until it is sent.

import { useComputed } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { useChat } from "./context";
import { SendIcon } from "./icons";
import { isTouch } from "./touch";

const SEEN = "draft-note";
// From here on the counter shows.
const NEAR_LIMIT = 200;

export function Composer() {
  const { session, draft, files, talk, quoting, attention, t } = useChat();
  const state = session.store.state;
  const area = useRef<HTMLTextAreaElement>(null);
  const { text, change } = draft;
  const left = useComputed(() => state.value.textChars - lengthOf(text.value));
  const isOver = useComputed(
    () => state.value.conversation !== null && state.value.phase === "closed",
  );
  const isSeen = useComputed(() => state.value.drafts);
  const hint = t(isOver.value ? "compose.again" : "compose.hint");
  const kit = files.kit.value;
  const { Quoting, Tools } = talk.part.value ?? {};
  const attached = kit?.attached.value ?? [];
  const canSend = (text.value.trim() !== "" || attached.length > 0) && left.value >= 0;

  useEffect(() => {
    if (attention.value > 0 && !isTouch()) area.current?.focus();
  }, [attention.value]);

  useEffect(() => {
    if (quoting.value) area.current?.focus();
  }, [quoting.value]);

  function insert(sign: string): void {
    const field = area.current;
    if (!field) return;
    field.setRangeText(sign, field.selectionStart, field.selectionEnd, "end");
    change(field.value);
    session.typed(field.value);
  }

  function send(): void {
    area.current?.focus();
    if (!canSend) return;
    session.write(text.value.trim(), kit?.take() ?? [], quoting.value ?? undefined);
    quoting.value = null;
    change("");
  }

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {Quoting && quoting.value && <Quoting quoted={quoting.value} />}
      {kit && <kit.Attachments />}
      <div class="composer-box">
        <div class="composer-grow" data-hint={hint} data-text={text.value}>
          <textarea
            class="composer-text"
            ref={area}
            rows={1}
            // An empty field has no direction of its own; its hint runs as the panel does.
            dir={text.value === "" ? undefined : "auto"}
            value={text.value}
            aria-label={t("compose")}
            aria-describedby={isSeen.value ? SEEN : undefined}
            placeholder={hint}
            enterkeyhint="send"
            onInput={(event) => {
              change(event.currentTarget.value);
              session.typed(event.currentTarget.value);
            }}
            onKeyDown={(event) => {
              if (!isSendKey(event)) return;
              event.preventDefault();
              send();
            }}
          />
        </div>
        <div class="composer-tools">
          {Tools && <Tools onPick={insert} onDone={() => area.current?.focus()} />}
          <button
            type="submit"
            class={canSend ? "send-button" : "send-button send-button-idle"}
            aria-label={t("send")}
            aria-disabled={!canSend}
          >
            <SendIcon />
          </button>
        </div>
      </div>
      {isSeen.value && (
        <p id={SEEN} class="draft-note">
          {t("compose.seen")}
        </p>
      )}
      <p class={left.value < 0 ? "counter counter-over" : "counter"} role="status">
        {left.value < 0
          ? t("chars.over", { count: -left.value })
          : left.value <= NEAR_LIMIT && t("chars.left", { count: left.value })}
      </p>
    </form>
  );
}

/** Enter, but not the Enter that picks a word of an input method (229 is how Safari marks that one). */
export function isSendKey(event: KeyboardEvent): boolean {
  return event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229;
}

/** The server counts code points. */
function lengthOf(text: string): number {
  return text.length < 1000 ? text.length : [...text].length;
}
