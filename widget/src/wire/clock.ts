// Time and chance, handed in so that tests hold the hands of the clock.

export interface Clock {
  /** Milliseconds on any scale that only grows. */
  now(): number;
  /** Runs once after `ms`; the answer calls it off. */
  later(ms: number, run: () => void): () => void;
}

/** A number in [0, 1). */
export type Random = () => number;

export const systemClock: Clock = {
  now: () => Date.now(),
  later: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
