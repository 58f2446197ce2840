/** The hours of one day: from, to, one more. */

import { ActionIcon, Button, TextInput } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useText } from "../app/context";
import { endsNextDay, type Intervals, withOneMore } from "./draft";
import classes from "./hours.module.css";
import { changed, removed } from "./lists";

interface Props {
  /** Whose hours, for those who cannot see where the fields stand. */
  of: string;
  intervals: Intervals;
  change(intervals: Intervals): void;
  error: string | null;
}

export function IntervalList({ of, intervals, change, error }: Props) {
  const t = useText();
  return (
    <fieldset className={classes.intervals} aria-label={of}>
      {intervals.length === 0 && <span className={classes.closed}>{t("hours.closed")}</span>}
      {intervals.map((one) => (
        <div key={one.key} className={classes.interval}>
          <TextInput
            type="time"
            aria-label={t("hours.from")}
            value={one.from}
            onChange={(event) =>
              change(changed(intervals, one.key, { from: event.currentTarget.value }))
            }
          />
          <span aria-hidden>–</span>
          <TextInput
            type="time"
            aria-label={t("hours.to")}
            value={one.to}
            onChange={(event) =>
              change(changed(intervals, one.key, { to: event.currentTarget.value }))
            }
          />
          {endsNextDay(one) && <span className={classes.next}>{t("hours.nextDay")}</span>}
          <ActionIcon
            aria-label={t("hours.remove", { from: one.from, to: one.to })}
            onClick={() => change(removed(intervals, one.key))}
          >
            <IconX size={16} />
          </ActionIcon>
        </div>
      ))}
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconPlus size={14} />}
        onClick={() => change(withOneMore(intervals))}
      >
        {t("hours.add")}
      </Button>
      {error && (
        <p className={classes.error} role="alert">
          {error}
        </p>
      )}
    </fieldset>
  );
}
