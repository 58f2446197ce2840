/** A waiting time that counts, and warms up as it grows. */

import { useConsole } from "../app/context";
import { elapsed, exact } from "../ui/moment";
import { useNow } from "../ui/use-now";
import classes from "./waiting.module.css";

/** After so long without an answer an agent should look here first. */
const LATE_MS = 60_000;

export function Waiting({ since }: { since: string }) {
  const { region, t } = useConsole();
  const now = useNow("second");
  const isLate = now - new Date(since).getTime() > LATE_MS;
  return (
    <time
      dateTime={since}
      className={classes.waiting}
      data-late={isLate || undefined}
      title={t("inbox.waitingSince", { at: exact(since, region) })}
    >
      {elapsed(since, now, t)}
    </time>
  );
}
