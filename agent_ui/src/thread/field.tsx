/** The text field of a reply or a note, with canned replies under the slash. */

import { ActionIcon, Button, Textarea, Tooltip } from "@mantine/core";
import { IconMessageBolt } from "@tabler/icons-react";
import { type KeyboardEvent, type RefObject, useState } from "react";
import { useConsole, useText } from "../app/context";
import { Picker } from "../canned/picker";
import { usePicker } from "../canned/use-picker";
import { variableNames } from "../canned/variables";
import { replaceText } from "../ui/replace-text";
import { Attach } from "../uploads/attach";
import { Chips, Refusals } from "../uploads/chips";
import { useAttachments } from "../uploads/use-attachments";
import type { ConversationId, InboxRow } from "../wire";
import classes from "./composer.module.css";
import { QuoteChip } from "./quote";
import { useQuoted } from "./quoting";
import { type Mode, useDraft } from "./use-draft";

interface Props {
  ref: RefObject<HTMLTextAreaElement | null>;
  conversation: ConversationId;
  chat: InboxRow | undefined;
  mode: Mode;
}

export function Field({ ref, conversation, chat, mode }: Props) {
  const { boot, session, t } = useConsole();
  const [text, setText] = useDraft(conversation, mode);
  const { attachments, files, refused } = useAttachments(conversation, mode);
  const { quoted, clear } = useQuoted(mode);
  const [holes, setHoles] = useState<readonly string[]>([]);
  const length = [...text].length;
  const limit = boot.limits.text_chars;
  const picker = usePicker({
    values: {
      "visitor.name": chat?.visitor?.name ?? null,
      "visitor.email": chat?.visitor?.email ?? null,
      "agent.name": boot.me.name,
      "site.name": chat?.site?.name ?? null,
    },
    insert(start, end, filled) {
      if (ref.current) replaceText(ref.current, start, end, filled.text);
      setHoles([...filled.empty, ...filled.unknown]);
    },
  });

  const isEmpty = text.trim() === "" && files.length === 0;

  function send(): void {
    if (isEmpty || length > limit) return;
    const message = { conversation, text: text.trim(), private: mode === "note" };
    session.send({ ...message, files: attachments.take(), quote: quoted?.seq });
    clear();
    setText("");
    setHoles([]);
    picker.close();
  }

  function changed(next: string, caret: number): void {
    setText(next);
    if (next === "") setHoles([]);
    picker.look(next, caret);
    if (mode === "reply" && next !== "") session.typing(conversation);
  }

  function pressed(event: KeyboardEvent<HTMLTextAreaElement>): void {
    // While an input method composes, every key belongs to it. 229 covers Safari's late keydown.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (picker.pressed(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      send();
    } else if (event.key === "Escape" && quoted) clear();
    else if (event.key === "Escape") event.currentTarget.blur();
  }

  return (
    <>
      {picker.isOpen && <Picker picker={picker} />}
      {quoted && <QuoteChip fact={quoted} me={boot.me.id} clear={clear} />}
      <Textarea
        ref={ref}
        variant="unstyled"
        autosize
        minRows={2}
        maxRows={9}
        classNames={{ input: classes.input ?? "" }}
        aria-label={t(mode === "note" ? "composer.note.label" : "composer.reply.label")}
        placeholder={t(
          mode === "note" ? "composer.note.placeholder" : "composer.reply.placeholder",
        )}
        dir="auto"
        enterKeyHint="send"
        value={text}
        onChange={(event) => changed(event.currentTarget.value, event.currentTarget.selectionEnd)}
        onSelect={(event) =>
          picker.look(event.currentTarget.value, event.currentTarget.selectionEnd)
        }
        onBlur={picker.close}
        onKeyDown={pressed}
        {...picker.fieldProps}
      />
      <Chips files={files} attachments={attachments} field={ref} />
      <Refusals refused={refused} />
      {holes.length > 0 && <Holes names={holes} />}
      <div className={classes.foot}>
        <Tooltip label={t("composer.canned")}>
          <ActionIcon
            aria-label={t("composer.canned")}
            onClick={() => ref.current && openPicker(ref.current)}
          >
            <IconMessageBolt size={19} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
        <Attach attachments={attachments} done={() => ref.current?.focus()} />
        <span className={classes.tip}>{t("composer.tip")}</span>
        {length > limit * 0.8 && (
          <span className={classes.counter} data-over={length > limit || undefined} role="status">
            {t("composer.counter", { count: limit - length })}
          </span>
        )}
        <Button
          size="xs"
          disabled={isEmpty || length > limit}
          color={mode === "note" ? "yellow" : "pine"}
          onClick={send}
        >
          {t(mode === "note" ? "composer.add" : "composer.send")}
        </Button>
      </div>
    </>
  );
}

/** The button types the slash that a hand on the keyboard would have typed. */
function openPicker(field: HTMLTextAreaElement): void {
  const before = field.value.slice(0, field.selectionStart);
  const gap = before === "" || /\s$/.test(before) ? "" : " ";
  replaceText(field, field.selectionStart, field.selectionEnd, `${gap}/`);
}

function Holes({ names }: { names: readonly string[] }) {
  const t = useText();
  const list = names
    .map((name) => (isKnown(name) ? t(`variable.${name}`) : `{{${name}}}`))
    .join(", ");
  return (
    <p className={classes.holes} role="status">
      {t("composer.holes", { names: list })}
    </p>
  );
}

function isKnown(name: string): name is (typeof variableNames)[number] {
  return (variableNames as readonly string[]).includes(name);
}
