// Filling what is missing: holes, a head we have not reached, and older pages.

import { hasHole } from "./state";
import type { Store } from "./store";
import { firstSeq, lastSeq } from "./thread";
import type { Clock, Requests, VisitorClientMessage } from "./wire";

export interface CatchUp {
  /** The server's conversation reaches this far; ask if we do not get there by ourselves. */
  expect(head: number): void;
  /** Numbers are missing: ask for them once, then start over. */
  repair(): Promise<void>;
  earlier(): Promise<void>;
}

export interface CatchUpOptions {
  store: Store;
  requests: Requests<VisitorClientMessage>;
  /** The server could not fill the hole: a new connection brings everything. */
  giveUp(): void;
  clock: Clock;
}

const PAGE = 50;
// Facts follow a welcome by themselves; asking at once would only fetch them twice.
const GRACE_MS = 2_000;

export function createCatchUp(options: CatchUpOptions): CatchUp {
  const { store, requests, clock } = options;
  let repairing = false;

  function held() {
    return store.state.value;
  }

  async function load(range: { before?: number; after?: number }): Promise<boolean> {
    const { conversation } = held();
    if (conversation === null) return false;
    const outcome = await requests.ask((id) => ({
      t: "history",
      id,
      conversation,
      limit: PAGE,
      ...range,
    }));
    if (!("ok" in outcome)) return false;
    store.dispatch({ kind: "history", conversation, facts: outcome.ok.facts ?? [] });
    return true;
  }

  async function repair(): Promise<void> {
    if (repairing) return;
    repairing = true;
    const last = lastSeq(held().thread);
    const filled = await load(last > 0 ? { after: last } : {});
    repairing = false;
    if (!filled || !hasHole(held())) return;
    if (lastSeq(held().thread) === last) options.giveUp();
    else await repair();
  }

  return {
    repair,
    expect: (head) => {
      const { conversation } = held();
      clock.later(GRACE_MS, () => {
        const now = held();
        const behind = now.conversation === conversation && lastSeq(now.thread) < head;
        if (behind && now.stage === "live") void repair();
      });
    },
    earlier: async () => {
      const first = firstSeq(held().thread);
      if (first <= 1 || held().loadingEarlier) return;
      store.dispatch({ kind: "earlier", loading: true });
      await load({ before: first });
      store.dispatch({ kind: "earlier", loading: false });
    },
  };
}
