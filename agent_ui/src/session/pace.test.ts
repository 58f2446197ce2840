import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createPace } from "./pace";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it("runs at once, then at most once per interval, and never loses the last", () => {
  const pace = createPace(1000, true);
  const ran: number[] = [];
  for (const n of [1, 2, 3]) pace.run("c", () => ran.push(n));
  expect(ran).toEqual([1]);
  vi.advanceTimersByTime(1000);
  expect(ran).toEqual([1, 3]);
  vi.advanceTimersByTime(5000);
  expect(ran).toEqual([1, 3]);
});

it("forgets what came meanwhile when only the first counts", () => {
  const pace = createPace(1000, false);
  const work = vi.fn();
  pace.run("c", work);
  pace.run("c", work);
  vi.advanceTimersByTime(5000);
  expect(work).toHaveBeenCalledOnce();
});

it("starts afresh when it is told to forget", () => {
  const pace = createPace(1000, false);
  const work = vi.fn();
  pace.run("c", work);
  pace.forget("c");
  pace.run("c", work);
  expect(work).toHaveBeenCalledTimes(2);
  vi.advanceTimersByTime(999);
  pace.run("c", work);
  expect(work).toHaveBeenCalledTimes(2);
});

it("paces each name by itself", () => {
  const pace = createPace(1000, true);
  const work = vi.fn();
  pace.run("a", work);
  pace.run("b", work);
  expect(work).toHaveBeenCalledTimes(2);
});
