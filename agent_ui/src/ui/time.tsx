/** A moment on the screen, exact when pointed at. */

import { useConsole } from "../app/context";
import { clock, exact, shortTime } from "./moment";
import { useNow } from "./use-now";

export function Ago({ at, className }: { at: string; className?: string | undefined }) {
  const { locale, t } = useConsole();
  const now = useNow("minute");
  return (
    <time dateTime={at} title={exact(at, locale)} className={className}>
      {shortTime(at, now, locale, t)}
    </time>
  );
}

export function Clock({ at, className }: { at: string; className?: string | undefined }) {
  const { locale } = useConsole();
  return (
    <time dateTime={at} title={exact(at, locale)} className={className}>
      {clock(at, locale)}
    </time>
  );
}
