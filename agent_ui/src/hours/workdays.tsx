/** Dates with hours of their own: make-up days, late evenings. */

import { ActionIcon, Button, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useConsole } from "../app/context";
import { fieldError } from "../ui/fields";
import { Card } from "../ui/page";
import { useNow } from "../ui/use-now";
import { type Draft, type WorkdayDraft, withOneMore } from "./draft";
import classes from "./hours.module.css";
import { IntervalList } from "./intervals";
import { appended, changed, type Keyed, removed } from "./lists";
import { shifted, todayIn } from "./preview";

interface Props {
  draft: Draft;
  change(part: Pick<Draft, "workdays">): void;
  error: unknown;
}

export function WorkdayList({ draft, change, error }: Props) {
  const { t } = useConsole();
  const now = useNow("minute");
  function add(): void {
    const last = draft.workdays.at(-1)?.date || todayIn(draft.zone, now);
    const day = { date: shifted(last, 1), name: "", hours: withOneMore([]) };
    change({ workdays: appended(draft.workdays, day) });
  }
  return (
    <Card title={t("hours.workdays")} about={t("hours.workdays.about")}>
      <ul className={classes.rows}>
        {draft.workdays.map((workday, index) => (
          <Row
            key={workday.key}
            workday={workday}
            error={fieldError(error, `workdays[${index}]`, t)}
            change={(part) => change({ workdays: changed(draft.workdays, workday.key, part) })}
            remove={() => change({ workdays: removed(draft.workdays, workday.key) })}
          />
        ))}
      </ul>
      <Button
        variant="default"
        size="xs"
        leftSection={<IconPlus size={14} />}
        disabled={draft.workdays.some((one) => one.date === "")}
        onClick={add}
      >
        {t("hours.workdays.add")}
      </Button>
    </Card>
  );
}

interface RowProps {
  workday: Keyed<WorkdayDraft>;
  error: string | null;
  change(part: Partial<WorkdayDraft>): void;
  remove(): void;
}

function Row({ workday, error, change, remove }: RowProps) {
  const { t } = useConsole();
  return (
    <li className={classes.row}>
      <TextInput
        type="date"
        label={t("hours.date")}
        value={workday.date}
        onChange={(event) => change({ date: event.currentTarget.value })}
      />
      <TextInput
        className={classes.words ?? ""}
        label={t("hours.name")}
        placeholder={t("hours.workdays.example")}
        value={workday.name}
        onChange={(event) => change({ name: event.currentTarget.value })}
      />
      <ActionIcon aria-label={t("hours.drop", { date: workday.date })} onClick={remove}>
        <IconTrash size={16} />
      </ActionIcon>
      <div className={classes.whole}>
        <IntervalList
          of={t("hours.of", { date: workday.date })}
          intervals={workday.hours}
          change={(hours) => change({ hours })}
          error={error}
        />
      </div>
    </li>
  );
}
