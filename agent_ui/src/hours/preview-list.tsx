/** The next two weeks as the draft would have them, before anything is saved. */

import { Badge } from "@mantine/core";
import { useConsole } from "../app/context";
import { Card } from "../ui/page";
import { useNow } from "../ui/use-now";
import type { Draft } from "./draft";
import classes from "./hours.module.css";
import { type Day, dateText, hoursText, preview, todayIn } from "./preview";

export function PreviewList({ draft }: { draft: Draft }) {
  const { t } = useConsole();
  const now = useNow("minute");
  return (
    <Card title={t("hours.preview")} about={t("hours.preview.about", { zone: draft.zone })}>
      <ul className={classes.preview}>
        {preview(draft, todayIn(draft.zone, now)).map((day) => (
          <Row key={day.date} day={day} />
        ))}
      </ul>
    </Card>
  );
}

function Row({ day }: { day: Day }) {
  const { region, t } = useConsole();
  const isClosed = day.hours.length === 0;
  return (
    <li className={classes.coming} data-closed={isClosed || undefined}>
      <time dateTime={day.date} className={classes.when}>
        {dateText(day.date, region, "short")}
      </time>
      <span className={classes.times}>{isClosed ? t("hours.closed") : hoursText(day.hours)}</span>
      {day.why !== "week" && (
        <Badge color={day.why === "holiday" ? "gray" : "pine"} variant="outline">
          {day.name || t(`hours.why.${day.why}`)}
        </Badge>
      )}
    </li>
  );
}
