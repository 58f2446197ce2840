import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createStore } from "./store";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const status = (id: string) =>
  ({ t: "state", kind: "agent", agent: { id, name: id }, status: "online" }) as const;

it("tells of the first frame at once and of a burst together", () => {
  const store = createStore("ann", () => 0);
  let told = 0;
  store.subscribe(() => {
    told += 1;
  });
  for (const id of ["bob", "cleo", "dan"]) store.frame(status(id));
  expect(told).toBe(1);
  vi.advanceTimersByTime(16);
  expect(told).toBe(2);
  vi.advanceTimersByTime(1_000);
  expect(told).toBe(2);
  store.frame(status("eve"));
  expect(told).toBe(3);
});

it("tells of what the agent does at once, also in a burst", () => {
  const store = createStore("ann", () => 0);
  const seen: number[] = [];
  store.subscribe(() => seen.push(Object.keys(store.get().threads).length));
  store.frame(status("bob"));
  store.frame(status("cleo"));
  store.dispatch({ do: "open", conversation: "c" });
  expect(seen).toEqual([0, 1]);
  vi.advanceTimersByTime(16);
  expect(seen).toEqual([0, 1]);
});
