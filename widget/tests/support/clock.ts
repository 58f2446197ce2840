import type { Clock } from "../../src/wire";

export interface FakeClock extends Clock {
  /** Moves time on and runs what falls due, in order. Lets promises settle in between. */
  pass(ms: number): Promise<void>;
}

export function fakeClock(start = 0): FakeClock {
  let now = start;
  let timers: { at: number; run: () => void }[] = [];

  async function pass(ms: number): Promise<void> {
    const end = now + ms;
    await settle();
    for (;;) {
      const due = timers.filter((t) => t.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      timers = timers.filter((t) => t !== due);
      now = due.at;
      due.run();
      await settle();
    }
    now = end;
  }

  return {
    now: () => now,
    later: (ms, run) => {
      const timer = { at: now + ms, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((t) => t !== timer);
      };
    },
    pass,
  };
}

/** Lets everything that only waits for promises go on. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 20; i += 1) await Promise.resolve();
}
