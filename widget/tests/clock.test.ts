import { describe, expect, it } from "vitest";
import { steady } from "../src/wire/clock";

const HOUR = 3_600_000;

function open() {
  const world = { wall: 1_000_000, monotonic: 50 };
  const now = steady(
    () => world.wall,
    () => world.monotonic,
  );
  return { world, now };
}

describe("a steady clock", () => {
  it("starts at the wall clock's time and moves on with it", () => {
    const { world, now } = open();
    expect(now()).toBe(1_000_000);
    world.wall += 500;
    world.monotonic += 500;
    expect(now()).toBe(1_000_500);
  });

  it("goes on while the wall clock is turned back, and after it", () => {
    const { world, now } = open();
    world.wall -= 24 * HOUR;
    world.monotonic += 100;
    expect(now()).toBe(1_000_100);
    world.wall += 100;
    world.monotonic += 100;
    expect(now()).toBe(1_000_200);
  });

  it("counts the time that a laptop slept", () => {
    const { world, now } = open();
    world.wall += HOUR;
    expect(now()).toBe(1_000_000 + HOUR);
  });

  it("never goes back, whatever both clocks say", () => {
    const { world, now } = open();
    let last = now();
    for (const [wall, monotonic] of [
      [-HOUR, 0],
      [HOUR, 1],
      [-1, 2],
      [2000, 1000],
      [-24 * HOUR, 5],
    ] as const) {
      world.wall += wall;
      world.monotonic += monotonic;
      expect(now()).toBeGreaterThanOrEqual(last);
      last = now();
    }
  });
});
