// Ticket and token: what lets the next hello in.

import { type ReadonlySignal, signal } from "@preact/signals";
import type { Boot, Ticket } from "./boot";
import type { Clock, Prepared, Shelf } from "./wire";

export interface Credentials {
  ticket(): string;
  token: ReadonlySignal<string | null>;
  /** As another tab may have renewed it. */
  latest(): string | null;
  keep(token: string): void;
  /** See `ConnectionOptions.credentials`. */
  prepare(refusals: number): Promise<Prepared>;
}

export interface CredentialsOptions {
  boot: Boot;
  /** Null: the site is not there any more. */
  fetchTicket(): Promise<Ticket | null>;
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
  let held: Ticket = options.boot;
  let fetchedAt = clock.now();
  const token = signal(shelf.get(NAME) ?? (isTrusted() ? null : options.handle));

  function isStale(): boolean {
    return clock.now() - fetchedAt > held.ticket_seconds * 1000 - MARGIN_MS;
  }

  /** What is not there then is meant not to be. */
  function isTrusted(): boolean {
    return shelf.durable && shelf.remembers();
  }

  function latest(): string | null {
    token.value = shelf.get(NAME) ?? (isTrusted() ? null : token.value);
    return token.value;
  }

  return {
    ticket: () => held.ticket,
    token,
    latest,
    keep: (next) => {
      shelf.set(NAME, next);
      token.value = next;
    },
    prepare: async (refusals) => {
      if (refusals > 0 || isStale()) {
        const asked = clock.now();
        const fresh = await options.fetchTicket();
        if (fresh === null) return "stop";
        held = fresh;
        fetchedAt = asked;
      }
      latest();
      return "ready";
    },
  };
}
