/** Where an agent answers, or what has to be done before one can. */

import { Button } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useCommand } from "../app/commands";
import { useText } from "../app/context";
import type { ConversationId, InboxRow } from "../wire";
import classes from "./composer.module.css";
import { Field } from "./field";
import type { Standing } from "./standing";
import { useActions } from "./use-actions";
import type { Mode } from "./use-draft";

interface Props {
  conversation: ConversationId;
  chat: InboxRow | undefined;
  standing: Standing;
}

export function Composer({ conversation, chat, standing }: Props) {
  const t = useText();
  const [mode, setMode] = useState<Mode>("reply");
  const field = useRef<HTMLTextAreaElement>(null);
  const [wantsFocus, setWantsFocus] = useState(false);
  const write = (next: Mode) => () => {
    setMode(next);
    setWantsFocus(true);
  };
  useCommand("reply", write("reply"));
  useCommand("note", write("note"));
  const isBlocked = mode === "reply" && standing === "closed";
  useEffect(() => {
    if (!wantsFocus || isBlocked) return;
    field.current?.focus();
    setWantsFocus(false);
  }, [wantsFocus, isBlocked]);
  return (
    <section className={classes.composer} data-mode={mode} aria-label={t("composer.label")}>
      <fieldset className={classes.tabs} aria-label={t("composer.mode")}>
        <Tab mode="reply" current={mode} choose={write("reply")} />
        <Tab mode="note" current={mode} choose={write("note")} />
        {mode === "reply" && (
          <span className={classes.hint}>
            {standing === "queue" && t("composer.queue")}
            {standing === "others" && t("composer.others", { name: chat?.assignee?.name ?? "" })}
          </span>
        )}
      </fieldset>
      {isBlocked ? (
        <Gate conversation={conversation} opened={() => setWantsFocus(true)} />
      ) : (
        <Field key={mode} ref={field} conversation={conversation} chat={chat} mode={mode} />
      )}
    </section>
  );
}

function Tab({ mode, current, choose }: { mode: Mode; current: Mode; choose(): void }) {
  const t = useText();
  return (
    <button
      type="button"
      className={classes.tab}
      data-mode={mode}
      aria-pressed={mode === current}
      onClick={choose}
    >
      {t(`composer.${mode}`)}
    </button>
  );
}

/** A closed chat has to be reopened before one can answer. */
function Gate({ conversation, opened }: { conversation: ConversationId; opened(): void }) {
  const t = useText();
  const { reopen } = useActions(conversation);
  async function pass(): Promise<void> {
    if (await reopen()) opened();
  }
  return (
    <div className={classes.gate}>
      <span>{t("composer.gate.closed")}</span>
      <Button size="xs" variant="default" onClick={() => void pass()}>
        {t("thread.reopen")}
      </Button>
    </div>
  );
}
