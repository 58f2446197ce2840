/** Keeps a kind of frame to one per interval and name; the last one always goes out. */

export interface Pace {
  run(name: string, work: () => void): void;
}

export function createPace(ms: number, keepLast: boolean): Pace {
  const resting = new Map<string, (() => void) | null>();
  return {
    run(name, work) {
      if (resting.has(name)) {
        if (keepLast) resting.set(name, work);
        return;
      }
      work();
      resting.set(name, null);
      setTimeout(() => {
        const kept = resting.get(name);
        resting.delete(name);
        if (kept) this.run(name, kept);
      }, ms);
    },
  };
}
