// A part whose code comes when it is wanted, or when there is time: what the first words do not need.

import { type ReadonlySignal, signal } from "@preact/signals";
import type { Clock } from "./wire";

export interface Late<Part> {
  part: ReadonlySignal<Part | null>;
  load(): Promise<Part>;
}

export function late<Part>(make: () => Promise<Part>): Late<Part> {
  const part = signal<Part | null>(null);
  let loading: Promise<Part> | null = null;
  return {
    part,
    load: async () => {
      loading ??= make();
      try {
        part.value = await loading;
        return part.value;
      } catch (error) {
        loading = null; // offline, say: the next one to ask tries again
        throw error;
      }
    },
  };
}

const AGAIN_MS = 3_000;

/** What must come: without a network it comes when the network is back. */
export function insist(part: Pick<Late<unknown>, "load">, clock: Pick<Clock, "later">): void {
  part.load().catch(() => clock.later(AGAIN_MS, () => insist(part, clock)));
}
