/** Days on which nobody works. */

import { ActionIcon, Button, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useConsole } from "../app/context";
import { fieldError } from "../ui/fields";
import { Card } from "../ui/page";
import { useNow } from "../ui/use-now";
import type { Draft } from "./draft";
import classes from "./hours.module.css";
import { appended, changed, type Keyed, removed } from "./lists";
import { shifted, todayIn } from "./preview";
import type { Holiday } from "./types";

interface Props {
  draft: Draft;
  change(part: Pick<Draft, "holidays">): void;
  error: unknown;
}

export function HolidayList({ draft, change, error }: Props) {
  const { t } = useConsole();
  const now = useNow("minute");
  function add(): void {
    const last = draft.holidays.at(-1)?.last || todayIn(draft.zone, now);
    const next = shifted(last, 1);
    change({ holidays: appended(draft.holidays, { first: next, last: next, name: "" }) });
  }
  return (
    <Card title={t("hours.holidays")} about={t("hours.holidays.about")}>
      <ul className={classes.rows}>
        {draft.holidays.map((holiday, index) => (
          <Row
            key={holiday.key}
            holiday={holiday}
            error={fieldError(error, `holidays[${index}]`, t)}
            change={(part) => change({ holidays: changed(draft.holidays, holiday.key, part) })}
            remove={() => change({ holidays: removed(draft.holidays, holiday.key) })}
          />
        ))}
      </ul>
      <Button
        variant="default"
        size="xs"
        leftSection={<IconPlus size={14} />}
        disabled={draft.holidays.some((one) => one.last === "")}
        onClick={add}
      >
        {t("hours.holidays.add")}
      </Button>
    </Card>
  );
}

interface RowProps {
  holiday: Keyed<Holiday>;
  error: string | null;
  change(part: Partial<Holiday>): void;
  remove(): void;
}

function Row({ holiday, error, change, remove }: RowProps) {
  const { t } = useConsole();
  /** Whoever moves the first day behind the last one means one day. */
  const first = (value: string) =>
    change(value > holiday.last ? { first: value, last: value } : { first: value });
  return (
    <li className={classes.row}>
      <TextInput
        type="date"
        label={t("hours.first")}
        value={holiday.first}
        onChange={(event) => first(event.currentTarget.value)}
      />
      <TextInput
        type="date"
        label={t("hours.last")}
        value={holiday.last}
        onChange={(event) => change({ last: event.currentTarget.value })}
      />
      <TextInput
        className={classes.words ?? ""}
        label={t("hours.name")}
        placeholder={t("hours.holidays.example")}
        value={holiday.name}
        onChange={(event) => change({ name: event.currentTarget.value })}
      />
      <ActionIcon aria-label={t("hours.drop", { date: holiday.first })} onClick={remove}>
        <IconTrash size={16} />
      </ActionIcon>
      {error && (
        <p className={classes.error} role="alert">
          {error}
        </p>
      )}
    </li>
  );
}
