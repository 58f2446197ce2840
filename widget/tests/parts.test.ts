import { expect, it, vi } from "vitest";
import { insist, late } from "../src/late";
import { fakeClock, settle } from "./support/clock";

it("a part is made once, whoever asks, and shows when it is there", async () => {
  const make = vi.fn(async () => "part");
  const thing = late(make);
  expect(thing.part.value).toBeNull();
  expect(await Promise.all([thing.load(), thing.load()])).toEqual(["part", "part"]);
  expect(make).toHaveBeenCalledOnce();
  expect(thing.part.value).toBe("part");
});

it("a part that must come is asked for until it comes", async () => {
  const clock = fakeClock();
  let isOnline = false;
  const part = late(async () => {
    if (!isOnline) throw new Error("offline");
    return "part";
  });
  insist(part, clock);
  await settle();
  await clock.pass(3_000);
  expect(part.part.value).toBeNull();
  isOnline = true;
  await clock.pass(3_000);
  expect(part.part.value).toBe("part");
});
