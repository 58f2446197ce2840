// Times as people read them, in the visitor's own language and time zone.

import type { Words } from "./text";

export interface Times {
  /** 14:05 */
  clock(at: number): string;
  /** Sunday, 22 November 2026 at 14:05 */
  exact(at: number): string;
  /** Today, yesterday, or the date. */
  day(at: number, now: number): string;
  /** Monday at 09:00; with a date when Monday may be another one. */
  ahead(at: number, now: number): string;
  /** 5 minutes, 2 hours, 1 day. */
  span(seconds: number): string;
}

const DAY_MS = 86_400_000;
const UNITS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
] as const;
const MINUTES = { hour: "numeric", minute: "2-digit" } as const;

export function createTimes(locale: string, t: Words): Times {
  const clock = new Intl.DateTimeFormat(locale, { timeStyle: "short" });
  const exact = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "short" });
  const day = new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long" });
  const year = new Intl.DateTimeFormat(locale, { dateStyle: "long" });
  const soon = new Intl.DateTimeFormat(locale, { weekday: "long", ...MINUTES });
  const far = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", ...MINUTES });
  const nameOf = (at: number) => new Date(at).toDateString();
  return {
    clock: (at) => clock.format(at),
    exact: (at) => exact.format(at),
    ahead: (at, now) => (at - now < 6 * DAY_MS ? soon : far).format(at),
    span: (seconds) => {
      const [unit, size] = UNITS.find(([, one]) => seconds >= one) ?? UNITS[2];
      const form = { style: "unit", unit, unitDisplay: "long" } as const;
      return new Intl.NumberFormat(locale, form).format(seconds / size);
    },
    day: (at, now) => {
      if (nameOf(at) === nameOf(now)) return t("today");
      if (nameOf(at) === nameOf(now - DAY_MS)) return t("yesterday");
      return (now - at < 300 * DAY_MS ? day : year).format(at);
    },
  };
}
