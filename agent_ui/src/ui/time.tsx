/** A moment on the screen, exact when pointed at. */

import { useConsole } from "../app/context";
import { clock, dayAndTime, exact, shortTime } from "./moment";
import { useNow } from "./use-now";

export function Ago({ at, className }: { at: string; className?: string | undefined }) {
  const { region, t } = useConsole();
  const now = useNow("minute");
  return (
    <time dateTime={at} title={exact(at, region)} className={className}>
      {shortTime(at, now, region, t)}
    </time>
  );
}

export function Clock({ at, className }: { at: string; className?: string | undefined }) {
  const { region } = useConsole();
  return (
    <time dateTime={at} title={exact(at, region)} className={className}>
      {clock(at, region)}
    </time>
  );
}

export function DayTime({ at }: { at: string }) {
  const { region, t } = useConsole();
  const now = useNow("minute");
  return (
    <time dateTime={at} title={exact(at, region)}>
      {dayAndTime(at, now, region, t)}
    </time>
  );
}
