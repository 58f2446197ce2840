// Ticket and token: what lets the next hello in.

import { type ReadonlySignal, signal } from "@preact/signals";
import type { Boot } from "./boot";
import type { Clock, Prepared, Shelf } from "./wire";

export interface Credentials {
  ticket(): string;
  token: ReadonlySignal<string | null>;
  /** As another tab may have renewed it. */
  latest(): string | null;
  keep(token: string): void;
  forget(): void;
  /** See `ConnectionOptions.credentials`. */
  prepare(refusals: number): Promise<Prepared>;
}

export interface CredentialsOptions {
  boot: Boot;
  fetchBoot(): Promise<Boot>;
  shelf: Shelf;
  clock: Clock;
  /** The token as the host kept it for us; used where the shelf forgets. */
  handle: string | null;
}

// Leaves time for the dial and the hello.
const MARGIN_MS = 20_000;
const NAME = "token";

export function createCredentials(options: CredentialsOptions): Credentials {
  const { shelf, clock } = options;
  let { boot } = options;
  let fetchedAt = clock.now();
  const token = signal(shelf.durable ? shelf.get(NAME) : options.handle);

  function isStale(): boolean {
    return clock.now() - fetchedAt > boot.ticket_seconds * 1000 - MARGIN_MS;
  }

  function latest(): string | null {
    if (shelf.durable) token.value = shelf.get(NAME);
    return token.value;
  }

  function forget(): void {
    shelf.remove(NAME);
    token.value = null;
  }

  return {
    ticket: () => boot.ticket,
    token,
    latest,
    keep: (next) => {
      shelf.set(NAME, next);
      token.value = next;
    },
    forget,
    prepare: async (refusals) => {
      if (refusals > 0 || isStale()) {
        boot = await options.fetchBoot();
        fetchedAt = clock.now();
      }
      latest();
      // A fresh ticket did not help, so it is the token: be a new visitor rather than none.
      if (refusals > 1) forget();
      return "ready";
    },
  };
}
