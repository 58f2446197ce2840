// What can be done with one message. Of all messages one has its buttons in the order of the tabulator; arrow keys
// go to the others, so that nobody has to walk through a hundred messages to reach the field.

import { useComputed, useSignal } from "@preact/signals";
import type { MessageRow, Row } from "../../rows";
import { useChat } from "../context";
import { useShared } from "./context";
import { copyText } from "./copy";
import { CheckIcon, CopyIcon, ReplyIcon } from "./icons";

// Long enough to be seen, short enough to copy again.
const COPIED_MS = 2_000;

export function Deeds({ row }: { row: MessageRow }) {
  const { quoting, t } = useChat();
  const { rows, reached, voice } = useShared();
  const isCopied = useSignal(false);
  const { place } = row;
  const isReached = useComputed(() => (reached.value ?? newest(rows.value)) === row.key);
  const tabIndex = isReached.value ? 0 : -1;

  async function copy(): Promise<void> {
    isCopied.value = await copyText(row.text);
    if (!isCopied.value) return;
    voice.value = t("copied");
    setTimeout(() => {
      isCopied.value = false;
      voice.value = "";
    }, COPIED_MS);
  }

  const said = { key: row.key, own: row.own, name: row.name, text: textOf(row) };
  return (
    <div
      class="deeds"
      onFocusIn={() => {
        reached.value = row.key;
      }}
    >
      {place && (
        <button
          type="button"
          class="deed"
          tabIndex={tabIndex}
          aria-label={t("reply")}
          title={t("reply")}
          onClick={() => {
            quoting.value = { ...place, said };
          }}
        >
          <ReplyIcon />
        </button>
      )}
      {row.text && (
        <button
          type="button"
          class="deed"
          tabIndex={tabIndex}
          aria-label={t(isCopied.value ? "copied" : "copy")}
          title={t("copy")}
          onClick={() => void copy()}
        >
          {isCopied.value ? <CheckIcon /> : <CopyIcon />}
        </button>
      )}
    </div>
  );
}

function newest(rows: readonly Row[]): string | undefined {
  return rows.findLast((row) => row.kind === "message" && row.place !== null)?.key;
}

function textOf({ text, files }: MessageRow): string {
  return text || files.map((file) => file.name).join(", ");
}

/** The arrow keys go from message to message, past those without buttons. */
export function walk(event: KeyboardEvent): void {
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  const list = event.currentTarget as HTMLElement;
  const here = (event.target as HTMLElement).closest(".deeds");
  if (!step || !here) return;
  const all = [...list.querySelectorAll(".deeds")];
  const next = all[all.indexOf(here) + step]?.querySelector<HTMLElement>("button");
  if (!next) return;
  event.preventDefault();
  next.focus();
}
