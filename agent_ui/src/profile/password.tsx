/** A new password; all other sessions end. */

import { Alert, Button, Group, PasswordInput, Stack } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { ApiError } from "../api/http";
import { useConsole } from "../app/context";
import { fieldError, hasFieldErrors } from "../ui/fields";
import { useNotice } from "../ui/notice";
import { Card } from "../ui/page";
import { errorText } from "../ui/trouble";

const empty = { current: "", new: "" };

export function Password() {
  const { api, boot, t } = useConsole();
  const notice = useNotice();
  const [draft, setDraft] = useState(empty);
  const save = useMutation({
    mutationFn: () => api.put("/api/me/password", draft),
    onSuccess: () => {
      setDraft(empty);
      notice.done(t("profile.password.done"));
    },
  });
  const isWrong = save.error instanceof ApiError && save.error.code === "bad_credentials";
  const eye = { "aria-label": t("profile.password.show"), tabIndex: 0 };
  function submit(event: FormEvent): void {
    event.preventDefault();
    save.mutate();
  }
  return (
    <Card title={t("profile.password")} about={t("profile.password.about")}>
      <form onSubmit={submit} noValidate>
        <input type="text" autoComplete="username" value={boot.me.email} readOnly hidden />
        <Stack>
          {save.error && !isWrong && !hasFieldErrors(save.error) && (
            <Alert color="red" role="alert">
              {errorText(save.error, t)}
            </Alert>
          )}
          <PasswordInput
            label={t("profile.password.current")}
            autoComplete="current-password"
            visibilityToggleButtonProps={eye}
            value={draft.current}
            error={isWrong ? t("profile.password.wrong") : fieldError(save.error, "current", t)}
            onChange={(event) => setDraft({ ...draft, current: event.currentTarget.value })}
          />
          <PasswordInput
            label={t("profile.password.new")}
            autoComplete="new-password"
            visibilityToggleButtonProps={eye}
            value={draft.new}
            error={fieldError(save.error, "new", t)}
            onChange={(event) => setDraft({ ...draft, new: event.currentTarget.value })}
          />
          <Group>
            <Button
              type="submit"
              loading={save.isPending}
              disabled={draft.current === "" || draft.new === ""}
            >
              {t("profile.password.save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  );
}
