import { expect, it } from "vitest";
import { createText } from "../text/text";
import { dayAndTime, elapsed, shortTime } from "./moment";
import { initials } from "./person";

const t = createText("en");
const now = new Date("2026-03-04T15:00:00").getTime();
const before = (ms: number) => new Date(now - ms).toISOString();

it("says just now, minutes, clock, weekday, date", () => {
  expect(shortTime(before(20_000), now, "en-GB", t)).toBe("just now");
  expect(shortTime(before(5 * 60_000), now, "en-GB", t)).toBe("5 min");
  expect(shortTime(before(3 * 3_600_000), now, "en-GB", t)).toBe("12:00");
  expect(shortTime(before(2 * 86_400_000), now, "en-GB", t)).toBe("Mon");
  expect(shortTime(before(40 * 86_400_000), now, "en-GB", t)).toBe("23 Jan");
});

it("puts a day and a time side by side as the language does", () => {
  const noon = before(3 * 3_600_000);
  expect(dayAndTime(noon, now, "en-GB", t)).toBe("Today, 12:00");
  expect(dayAndTime(noon, now, "zh-TW", createText("zh-TW"))).toBe("今天 下午12:00");
});

it("counts a waiting time, also when clocks disagree", () => {
  expect(elapsed(before(42_000), now, t)).toBe("0:42");
  expect(elapsed(before(725_000), now, t)).toBe("12:05");
  expect(elapsed(before(-5000), now, t)).toBe("0:00");
  expect(elapsed(before(3 * 3_600_000), now, t)).toBe("3 h");
});

it("makes initials of Latin and Chinese names", () => {
  expect(initials("Vera Lindqvist")).toBe("VL");
  expect(initials("王小雨")).toBe("小雨");
  expect(initials("")).toBe("");
});
