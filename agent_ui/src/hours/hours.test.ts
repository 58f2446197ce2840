import { describe, expect, it } from "vitest";
import {
  type Draft,
  draftOf,
  endsNextDay,
  firstDraft,
  planOf,
  withDay,
  withMondayCopied,
  withOneMore,
} from "./draft";
import { appended, changed, keyed, removed } from "./lists";
import { hoursText, preview, todayIn, weekdayName } from "./preview";
import type { Hours, Pair } from "./types";

const office: readonly Pair[] = [["09:00", "17:00"]];
const hours: Hours = {
  zone: "Asia/Shanghai",
  always: false,
  week: [office, office, office, office, office, [], [["00:00", "24:00"]]],
  holidays: [{ first: "2026-02-16", last: "2026-02-22", name: "春节" }],
  workdays: [
    { date: "2026-02-14", hours: office, name: "" },
    { date: "2026-02-18", hours: [["10:00", "12:00"]], name: "Half" },
  ],
  version: 3,
  open: true,
  next_opening: null,
};
const draft: Draft = draftOf(hours);

describe("a draft", () => {
  it("goes back to the wire as it came", () => {
    const { version: _, open: __, next_opening: ___, ...plan } = hours;
    expect(planOf(draft)).toEqual(plan);
  });

  it("begins where the person is, until somebody chose a place", () => {
    expect(firstDraft({ ...hours, version: 0 }, "Europe/Berlin").zone).toBe("Europe/Berlin");
    expect(firstDraft(hours, "Europe/Berlin").zone).toBe("Asia/Shanghai");
    expect(firstDraft({ ...hours, version: 0 }, "UTC").zone).toBe("Asia/Shanghai");
  });

  it("changes one day and no other", () => {
    const next = withDay(draft, 5, draft.week[0] ?? []);
    expect(planOf(next).week.map((day) => day.length)).toEqual([1, 1, 1, 1, 1, 1, 1]);
    expect(planOf(draft).week[5]).toEqual([]);
  });

  it("copies Monday to the working days alone", () => {
    const next = planOf(withMondayCopied(withDay(draft, 0, [])));
    expect(next.week.slice(0, 5)).toEqual([[], [], [], [], []]);
    expect(next.week[6]).toEqual([["00:00", "24:00"]]);
  });

  it("offers the office day first, then what follows", () => {
    const one = withOneMore([]);
    expect(one[0]).toMatchObject({ from: "09:00", to: "17:00" });
    expect(withOneMore(one)[1]).toMatchObject({ from: "17:00", to: "20:00" });
    expect(withOneMore(keyed([{ from: "09:00", to: "22:30" }]))[1]?.to).toBe("00:00");
  });

  it("knows which hours end after midnight", () => {
    expect(endsNextDay({ from: "22:00", to: "02:00" })).toBe(true);
    expect(endsNextDay({ from: "22:00", to: "00:00" })).toBe(false);
    expect(endsNextDay({ from: "22:00", to: "" })).toBe(false);
  });
});

describe("rows", () => {
  it("keep their keys, whatever happens to their neighbours", () => {
    let rows = keyed([{ n: "a" }, { n: "b" }]);
    rows = appended(removed(rows, 0), { n: "c" });
    expect(changed(rows, 2, { n: "d" })).toEqual([
      { n: "b", key: 1 },
      { n: "d", key: 2 },
    ]);
  });
});

describe("the preview", () => {
  it("puts make-up days before holidays before the week", () => {
    const days = preview(draft, "2026-02-13");
    expect(days).toHaveLength(14);
    expect(days.map((day) => day.why)).toEqual([
      ...["week", "workday", "week", "holiday", "holiday", "workday", "holiday"],
      ...["holiday", "holiday", "holiday", "week", "week", "week", "week"],
    ]);
    expect(days[3]).toEqual({ date: "2026-02-16", why: "holiday", name: "春节", hours: [] });
  });

  it("begins with today where the site is", () => {
    const now = Date.parse("2026-03-01T20:00:00Z");
    expect(todayIn("Asia/Shanghai", now)).toBe("2026-03-02");
    expect(todayIn("America/New_York", now)).toBe("2026-03-01");
    expect(todayIn("Nowhere", now)).toBe("2026-03-01");
  });

  it("says hours in order and marks the next day", () => {
    const text = hoursText([
      { from: "09:00", to: "12:00" },
      { from: "20:00", to: "00:00" },
      { from: "22:00", to: "02:00" },
    ]);
    expect(text).toBe("09:00–12:00, 20:00–24:00, 22:00–02:00 (+1)");
  });

  it("begins the week on Monday", () => {
    expect(weekdayName(0, "en")).toBe("Monday");
    expect(weekdayName(6, "zh-CN")).toBe("星期日");
  });
});
