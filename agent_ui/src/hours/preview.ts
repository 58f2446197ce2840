/** What a draft means for the days to come: make-up days before holidays before the week. Pure. */

import { type Draft, endsNextDay, type Interval } from "./draft";

export interface Day {
  /** YYYY-MM-DD */
  readonly date: string;
  readonly why: "week" | "holiday" | "workday";
  readonly name: string;
  readonly hours: readonly Interval[];
}

const DAY_MS = 86_400_000;

export function preview(draft: Draft, first: string, days = 14): readonly Day[] {
  return Array.from({ length: days }, (_, ahead) => dayOf(draft, shifted(first, ahead)));
}

/** Today's date where the site is. An unknown zone, half typed, is nowhere. */
export function todayIn(zone: string, now: number): string {
  try {
    return new Intl.DateTimeFormat("sv-SE", { timeZone: zone }).format(now);
  } catch {
    return new Date(now).toISOString().slice(0, 10);
  }
}

export function shifted(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

export function dateText(date: string, region: string, style: "short" | "long"): string {
  const format = new Intl.DateTimeFormat(region, {
    weekday: style,
    day: "numeric",
    month: style,
    timeZone: "UTC",
  });
  return format.format(Date.parse(`${date}T00:00:00Z`));
}

/** 0 is Monday. */
export function weekdayName(day: number, region: string): string {
  return new Intl.DateTimeFormat(region, { weekday: "long", timeZone: "UTC" }).format(
    Date.UTC(2024, 0, 1 + day),
  );
}

export function hoursText(hours: readonly Interval[]): string {
  return hours
    .map(
      (one) =>
        `${one.from}–${one.to === "00:00" ? "24:00" : one.to}${endsNextDay(one) ? " (+1)" : ""}`,
    )
    .join(", ");
}

function dayOf(draft: Draft, date: string): Day {
  const worked = draft.workdays.find((one) => one.date === date);
  if (worked) return { date, why: "workday", name: worked.name, hours: inOrder(worked.hours) };
  const free = draft.holidays.find((one) => one.first <= date && date <= one.last);
  if (free) return { date, why: "holiday", name: free.name, hours: [] };
  const weekday = (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;
  return { date, why: "week", name: "", hours: inOrder(draft.week[weekday] ?? []) };
}

function inOrder(hours: readonly Interval[]): readonly Interval[] {
  return [...hours].sort((one, other) => one.from.localeCompare(other.from));
}
