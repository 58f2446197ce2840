// What is remembered of greetings in this browser, as far as that is allowed: when each was shown, until when
// there is peace, how often somebody came. No words, and nothing that names anybody.

import type { Greeting } from "./kit";

const DAY_MS = 86_400_000;
// Another page within half an hour is the same visit.
const VISIT_MS = 1_800_000;

interface Kept {
  shown: Record<string, number>;
  peace: number;
  visits: number;
  last: number;
}

export interface Memory {
  /** Null where nothing may be kept. */
  visits(): number | null;
  mayShow(greeting: Greeting): boolean;
  shown(greeting: Greeting): void;
  /** The visitor's own deed: to be remembered wherever the visitor has not been asked in vain. */
  dismissed(days: number): void;
  /** Nothing is left in this browser. This page still knows what it has shown. */
  forget(): void;
}

export interface MemoryOptions {
  name: string;
  storage(): Storage;
  /** `deed`: the visitor did something just now. */
  may(deed: boolean): boolean;
  now(): number;
}

export function openMemory({ name, storage, may, now }: MemoryOptions): Memory {
  const nothing = (): Kept => ({ shown: {}, peace: 0, visits: 0, last: 0 });
  let kept = begin({ ...nothing(), ...read() });
  // Of this page, whoever looks at it.
  let here = nothing();
  write(false);

  function begin({ last, visits, ...rest }: Kept): Kept {
    return { ...rest, visits: now() - last > VISIT_MS ? visits + 1 : visits, last: now() };
  }

  function read(): Partial<Kept> {
    try {
      return JSON.parse(storage().getItem(name) ?? "{}") as Partial<Kept>;
    } catch {
      return {};
    }
  }

  function write(deed: boolean): void {
    try {
      if (may(deed)) storage().setItem(name, JSON.stringify(kept));
    } catch {
      // Blocked or full: this page remembers it, the next one does not.
    }
  }

  return {
    visits: () => (may(false) ? kept.visits : null),
    mayShow: ({ id, every_days }) => {
      const before = here.shown[id] ?? kept.shown[id];
      if (now() < Math.max(kept.peace, here.peace)) return false;
      return before === undefined || (every_days > 0 && now() - before >= every_days * DAY_MS);
    },
    shown: ({ id }) => {
      kept = { ...kept, shown: { ...kept.shown, [id]: now() } };
      here = { ...here, shown: { ...here.shown, [id]: now() } };
      write(false);
    },
    dismissed: (days) => {
      // With no days, peace on this page at least.
      const peace = now() + Math.max(days * DAY_MS, VISIT_MS);
      kept = { ...kept, peace };
      here = { ...here, peace };
      write(true);
    },
    forget: () => {
      kept = begin(nothing());
      try {
        storage().removeItem(name);
      } catch {
        // Blocked: there is nothing then.
      }
    },
  };
}
