/** Writes or changes one canned reply. */

import { Alert, Button, Group, Modal, Stack, Textarea, TextInput } from "@mantine/core";
import { type FormEvent, useRef, useState } from "react";
import { ApiError } from "../api/http";
import type { CannedDraft, CannedReply } from "../api/types";
import { useConsole } from "../app/context";
import { fieldError, hasFieldErrors } from "../ui/fields";
import { useNotice } from "../ui/notice";
import { replaceText } from "../ui/replace-text";
import { errorText } from "../ui/trouble";
import classes from "./editor.module.css";
import { useSaveCanned } from "./queries";
import { unknownVariables, variableNames } from "./variables";

export function CannedEditor({ reply, close }: { reply: CannedReply | null; close(): void }) {
  const { boot, t } = useConsole();
  const notice = useNotice();
  const save = useSaveCanned(reply);
  const text = useRef<HTMLTextAreaElement>(null);
  const [draft, setDraft] = useState<CannedDraft>({
    shortcut: reply?.shortcut ?? "",
    title: reply?.title ?? "",
    text: reply?.text ?? "",
  });
  const unknown = unknownVariables(draft.text);
  const set = (part: Partial<CannedDraft>): void => setDraft({ ...draft, ...part });

  function submit(event: FormEvent): void {
    event.preventDefault();
    const wanted = {
      ...draft,
      shortcut: draft.shortcut.trim().replace(/^[/#]/, ""),
      title: draft.title.trim(),
    };
    save.mutate(wanted, {
      onSuccess: () => {
        notice.done(t("canned.saved"));
        close();
      },
    });
  }

  return (
    <Modal
      opened
      onClose={close}
      size="lg"
      title={t(reply ? "canned.change" : "canned.new")}
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      <form onSubmit={submit} noValidate>
        <Stack>
          {save.error && !hasFieldErrors(save.error) && (
            <Alert color="red" role="alert">
              {isStale(save.error) ? t("canned.stale") : errorText(save.error, t)}
            </Alert>
          )}
          <TextInput
            label={t("canned.shortcut")}
            description={t("canned.shortcut.about")}
            leftSection="/"
            data-autofocus
            value={draft.shortcut}
            error={fieldError(save.error, "shortcut", t)}
            onChange={(event) => set({ shortcut: event.currentTarget.value })}
          />
          <TextInput
            label={t("canned.name")}
            value={draft.title}
            error={fieldError(save.error, "title", t)}
            onChange={(event) => set({ title: event.currentTarget.value })}
          />
          <Textarea
            ref={text}
            label={t("canned.text")}
            description={t("canned.text.about")}
            autosize
            minRows={5}
            maxRows={14}
            dir="auto"
            maxLength={boot.limits.canned_chars}
            value={draft.text}
            error={fieldError(save.error, "text", t)}
            onChange={(event) => set({ text: event.currentTarget.value })}
          />
          <fieldset className={classes.variables} aria-label={t("canned.variables")}>
            <span>{t("canned.variables")}</span>
            {variableNames.map((name) => (
              <button
                key={name}
                type="button"
                className={classes.variable}
                onClick={() => text.current && insertVariable(text.current, name)}
              >
                {t(`variable.${name}`)}
              </button>
            ))}
          </fieldset>
          {unknown.length > 0 && (
            <Alert color="yellow">
              {t("canned.unknown", { names: unknown.map((name) => `{{${name}}}`).join(", ") })}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t("common.cancel")}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {t("common.save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function insertVariable(field: HTMLTextAreaElement, name: string): void {
  replaceText(field, field.selectionStart, field.selectionEnd, `{{${name}}}`);
}

function isStale(error: Error): boolean {
  return error instanceof ApiError && error.code === "conflict";
}
