/** Times as people say them. Pure: the present moment is handed in. */

import type { Text } from "../text/text";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "just now", minutes, then clock time; days and dates as they recede. */
export function shortTime(at: string, now: number, region: string, t: Text): string {
  const then = new Date(at);
  const age = now - then.getTime();
  if (age < MINUTE) return t("time.now");
  if (age < HOUR) return t("time.minutes", { count: Math.floor(age / MINUTE) });
  if (sameDay(then, new Date(now))) return clock(at, region);
  if (age < 6 * DAY) return new Intl.DateTimeFormat(region, { weekday: "short" }).format(then);
  return new Intl.DateTimeFormat(region, { day: "numeric", month: "short" }).format(then);
}

export function clock(at: string, region: string): string {
  return new Intl.DateTimeFormat(region, { hour: "numeric", minute: "2-digit" }).format(
    new Date(at),
  );
}

export function exact(at: string, region: string): string {
  return new Intl.DateTimeFormat(region, { dateStyle: "medium", timeStyle: "medium" }).format(
    new Date(at),
  );
}

export function dayName(at: string, now: number, region: string, t: Text): string {
  const then = new Date(at);
  if (sameDay(then, new Date(now))) return t("time.today");
  if (sameDay(then, new Date(now - DAY))) return t("time.yesterday");
  return new Intl.DateTimeFormat(region, { weekday: "long", day: "numeric", month: "long" }).format(
    then,
  );
}

/** A day and a time, for a moment that may be long ago. */
export function dayAndTime(at: string, now: number, region: string, t: Text): string {
  const then = new Date(at);
  if (sameDay(then, new Date(now)) || sameDay(then, new Date(now - DAY)))
    return t("time.onDay", { day: dayName(at, now, region, t), at: clock(at, region) });
  return new Intl.DateTimeFormat(region, { dateStyle: "medium", timeStyle: "short" }).format(then);
}

/** How long somebody waits: 0:42, 12:05, then hours. */
export function elapsed(since: string, now: number, t: Text): string {
  const ms = Math.max(0, now - new Date(since).getTime());
  if (ms < HOUR) {
    const seconds = Math.floor((ms % MINUTE) / 1000);
    return `${Math.floor(ms / MINUTE)}:${String(seconds).padStart(2, "0")}`;
  }
  if (ms < DAY) return t("time.hours", { count: Math.floor(ms / HOUR) });
  return t("time.days", { count: Math.floor(ms / DAY) });
}

export function sameDay(a: Date, b: Date): boolean {
  return (
    a.getFullYear() === b.getFullYear() &&
    a.getMonth() === b.getMonth() &&
    a.getDate() === b.getDate()
  );
}
