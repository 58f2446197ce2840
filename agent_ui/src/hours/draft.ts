/** Opening hours while somebody edits them. Pure. */

import { appended, type Keyed, keyed } from "./lists";
import type { Holiday, Hours, Pair, Plan } from "./types";

/** As time fields hold it: an end at midnight is "00:00" there. */
export interface Interval {
  readonly from: string;
  readonly to: string;
}

export type Intervals = readonly Keyed<Interval>[];

export interface WorkdayDraft {
  readonly date: string;
  readonly name: string;
  readonly hours: Intervals;
}

export interface Draft {
  readonly zone: string;
  readonly always: boolean;
  readonly week: readonly Intervals[];
  readonly holidays: readonly Keyed<Holiday>[];
  readonly workdays: readonly Keyed<WorkdayDraft>[];
}

const MIDNIGHT = "00:00";
const END_OF_DAY = "24:00";
const WEEKDAYS = 5;

export function draftOf({ zone, always, week, holidays, workdays }: Hours): Draft {
  return {
    zone,
    always,
    week: week.map(intervalsOf),
    holidays: keyed(holidays),
    workdays: keyed(
      workdays.map(({ date, name, hours }) => ({ date, name, hours: intervalsOf(hours) })),
    ),
  };
}

/** Nobody has chosen a place yet: most likely it is where the person who chooses is. */
export function firstDraft(hours: Hours, here: string): Draft {
  const draft = draftOf(hours);
  return hours.version === 0 && here.includes("/") ? { ...draft, zone: here } : draft;
}

export function planOf({ zone, always, week, holidays, workdays }: Draft): Plan {
  return {
    zone,
    always,
    week: week.map(pairsOf),
    holidays: holidays.map(({ first, last, name }) => ({ first, last, name })),
    workdays: workdays.map(({ date, name, hours }) => ({ date, name, hours: pairsOf(hours) })),
  };
}

export function withDay(draft: Draft, day: number, intervals: Intervals): Draft {
  return { ...draft, week: draft.week.map((old, index) => (index === day ? intervals : old)) };
}

/** Monday's hours for Tuesday to Friday. */
export function withMondayCopied(draft: Draft): Draft {
  const monday = draft.week[0] ?? [];
  return { ...draft, week: draft.week.map((old, day) => (day < WEEKDAYS ? monday : old)) };
}

/** The office day, or what follows the last interval. */
export function withOneMore(intervals: Intervals): Intervals {
  const last = intervals.at(-1);
  if (last === undefined || last.to <= last.from)
    return appended(intervals, { from: "09:00", to: "17:00" });
  return appended(intervals, { from: last.to, to: later(last.to, 3) });
}

export function endsNextDay({ from, to }: Interval): boolean {
  return from !== "" && to !== "" && to !== MIDNIGHT && to <= from;
}

function later(time: string, hours: number): string {
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  if (hour + hours >= 24) return MIDNIGHT;
  return `${String(hour + hours).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
}

function intervalsOf(pairs: readonly Pair[]): Intervals {
  return keyed(pairs.map(([from, to]) => ({ from, to: to === END_OF_DAY ? MIDNIGHT : to })));
}

function pairsOf(intervals: Intervals): readonly Pair[] {
  return intervals.map(({ from, to }) => [from, to === MIDNIGHT ? END_OF_DAY : to]);
}
