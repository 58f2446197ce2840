// Time and chance, handed in so that tests hold the hands of the clock.

export interface Clock {
  /** Milliseconds since 1970 as far as we know; never goes back, and time asleep counts. */
  now(): number;
  /** Runs once after `ms`; the answer calls it off. */
  later(ms: number, run: () => void): () => void;
}

/** A number in [0, 1). */
export type Random = () => number;

/**
 * What two clocks agree on: the wall's may be turned back, the monotonic one stands still in many browsers while the
 * machine sleeps. Whichever moved further on tells how much time has passed.
 */
export function steady(wall: () => number, monotonic: () => number): () => number {
  let atWall = wall();
  let atMonotonic = monotonic();
  let now = atWall;
  return () => {
    const [nextWall, nextMonotonic] = [wall(), monotonic()];
    now += Math.max(nextWall - atWall, nextMonotonic - atMonotonic, 0);
    [atWall, atMonotonic] = [nextWall, nextMonotonic];
    return now;
  };
}

export const systemClock: Clock = {
  now: steady(Date.now, () => performance.now()),
  later: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
