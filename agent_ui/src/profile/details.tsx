/** Name and language of the person who signed in. */

import { Alert, Button, Group, NativeSelect, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useConsole } from "../app/context";
import type { Me } from "../boot";
import { locales, nearestLocale } from "../text/text";
import { fieldError, hasFieldErrors } from "../ui/fields";
import { useNotice } from "../ui/notice";
import { Card } from "../ui/page";
import { errorText } from "../ui/trouble";

export function Details() {
  const { api, boot, locale: current, setLocale, t } = useConsole();
  const notice = useNotice();
  const [name, setName] = useState(boot.me.name);
  const [locale, chooseLocale] = useState(current);
  const save = useMutation({
    mutationFn: () => api.patch<Me>("/api/me", { name: name.trim(), locale }),
    onSuccess: (me) => {
      setLocale(nearestLocale(me.locale));
      notice.done(t("common.saved"));
    },
  });
  function submit(event: FormEvent): void {
    event.preventDefault();
    save.mutate();
  }
  return (
    <Card title={t("profile.details")}>
      <form onSubmit={submit} noValidate>
        <Stack>
          {save.error && !hasFieldErrors(save.error) && (
            <Alert color="red" role="alert">
              {errorText(save.error, t)}
            </Alert>
          )}
          <TextInput
            label={t("profile.name")}
            description={t("profile.name.about")}
            autoComplete="name"
            value={name}
            error={fieldError(save.error, "name", t)}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <TextInput label={t("people.email")} value={boot.me.email} readOnly variant="filled" />
          <NativeSelect
            label={t("profile.locale")}
            data={locales.map((one) => ({ value: one.locale, label: one.name }))}
            value={locale}
            error={fieldError(save.error, "locale", t)}
            onChange={(event) => chooseLocale(nearestLocale(event.currentTarget.value))}
          />
          <Group>
            <Button type="submit" loading={save.isPending}>
              {t("common.save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  );
}
