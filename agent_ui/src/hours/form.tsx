/** All that can be said of opening hours, and what it means for the next two weeks. */

import { Alert, Button, Select, Stack, Switch } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { ApiError } from "../api/http";
import { useText } from "../app/context";
import { fieldError, hasFieldErrors } from "../ui/fields";
import { useNotice } from "../ui/notice";
import { Card } from "../ui/page";
import { errorText } from "../ui/trouble";
import { type Draft, draftOf, firstDraft, planOf } from "./draft";
import { HolidayList } from "./holidays";
import { PreviewList } from "./preview-list";
import { useSaveHours } from "./queries";
import type { Hours } from "./types";
import { WeekEditor } from "./week";
import { WorkdayList } from "./workdays";
import { zones } from "./zones";

interface Props {
  site: string;
  hours: Hours;
  restart(): void;
}

export function HoursForm({ site, hours, restart }: Props) {
  const t = useText();
  const notice = useNotice();
  const save = useSaveHours(site);
  const [draft, setDraft] = useState<Draft>(() => firstDraft(hours, here()));
  const [version, setVersion] = useState(hours.version);
  const set = (part: Partial<Draft>): void => setDraft({ ...draft, ...part });

  function submit(event: FormEvent): void {
    event.preventDefault();
    save.mutate(
      { ...planOf(draft), version },
      {
        onSuccess: (stored) => {
          setDraft(draftOf(stored));
          setVersion(stored.version);
          notice.done(t("common.saved"));
        },
      },
    );
  }

  return (
    <form onSubmit={submit} noValidate>
      <Card>
        <Stack>
          {save.error && <Problem error={save.error} restart={restart} />}
          <Switch
            label={t("hours.always")}
            description={t("hours.always.about")}
            checked={draft.always}
            onChange={(event) => set({ always: event.currentTarget.checked })}
          />
          <Select
            label={t("hours.zone")}
            description={t("hours.zone.about")}
            searchable
            allowDeselect={false}
            limit={100}
            nothingFoundMessage={t("hours.zone.none")}
            data={zones(draft.zone)}
            value={draft.zone}
            error={fieldError(save.error, "zone", t)}
            onChange={(zone) => zone && set({ zone })}
          />
        </Stack>
      </Card>
      {!draft.always && (
        <>
          <WeekEditor draft={draft} change={setDraft} error={save.error} />
          <HolidayList draft={draft} change={set} error={save.error} />
          <WorkdayList draft={draft} change={set} error={save.error} />
          <PreviewList draft={draft} />
        </>
      )}
      <Button type="submit" loading={save.isPending}>
        {t("common.save")}
      </Button>
    </form>
  );
}

function here(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

function Problem({ error, restart }: { error: Error; restart(): void }) {
  const t = useText();
  const isStale = error instanceof ApiError && error.code === "conflict";
  if (hasFieldErrors(error))
    return (
      <Alert color="red" role="alert">
        {t("error.invalid")}
      </Alert>
    );
  return (
    <Alert color="red" role="alert">
      {isStale ? t("hours.stale") : errorText(error, t)}
      {isStale && (
        <Button variant="default" size="xs" mt="sm" display="block" onClick={restart}>
          {t("hours.restart")}
        </Button>
      )}
    </Alert>
  );
}
