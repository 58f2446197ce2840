/** The seven days, each with any number of intervals. */

import { Button } from "@mantine/core";
import { IconCopy } from "@tabler/icons-react";
import { useConsole } from "../app/context";
import { fieldError } from "../ui/fields";
import { Card } from "../ui/page";
import { type Draft, withDay, withMondayCopied } from "./draft";
import classes from "./hours.module.css";
import { IntervalList } from "./intervals";
import { weekdayName } from "./preview";

interface Props {
  draft: Draft;
  change(draft: Draft): void;
  error: unknown;
}

export function WeekEditor({ draft, change, error }: Props) {
  const { region, t } = useConsole();
  return (
    <Card title={t("hours.week")} about={t("hours.week.about")}>
      <ul className={classes.rows}>
        {draft.week.map((intervals, day) => (
          <li key={weekdayName(day, "en")} className={classes.row}>
            <span className={classes.day}>{weekdayName(day, region)}</span>
            <div className={classes.words}>
              <IntervalList
                of={weekdayName(day, region)}
                intervals={intervals}
                change={(next) => change(withDay(draft, day, next))}
                error={fieldError(error, `week[${day}]`, t)}
              />
              {day === 0 && (
                <Button
                  size="compact-xs"
                  variant="subtle"
                  leftSection={<IconCopy size={14} />}
                  onClick={() => change(withMondayCopied(draft))}
                >
                  {t("hours.copy")}
                </Button>
              )}
            </div>
          </li>
        ))}
      </ul>
    </Card>
  );
}
