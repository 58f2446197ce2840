/** Keeps a kind of frame to one per interval and name; the last one always goes out. */

export interface Pace {
  run(name: string, work: () => void): void;
  /** The next of this name runs at once again. */
  forget(name: string): void;
}

export function createPace(ms: number, keepLast: boolean): Pace {
  const resting = new Map<string, { kept: (() => void) | null }>();
  return {
    run(name, work) {
      const rest = resting.get(name);
      if (rest) {
        if (keepLast) rest.kept = work;
        return;
      }
      work();
      const mine: { kept: (() => void) | null } = { kept: null };
      resting.set(name, mine);
      setTimeout(() => {
        if (resting.get(name) !== mine) return;
        resting.delete(name);
        if (mine.kept) this.run(name, mine.kept);
      }, ms);
    },
    forget: (name) => void resting.delete(name),
  };
}
