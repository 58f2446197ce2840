// One browser, several tabs: who lives, and who may send now. Rests on Web Locks where they exist.

export interface Tabs {
  /** This tab's name, new for each page load: a duplicated tab must not share it. */
  readonly name: string;
  /** Runs `work` while no other tab runs work for the same `lane`. */
  exclusively(lane: string, work: () => Promise<void>): Promise<void>;
  /** Runs `take` if the tab of that name is gone. */
  ifGone(tab: string, take: () => void): Promise<void>;
}

// A tab frozen by the browser may keep its lock for ever. Going on without it risks order, never a double message.
const LOCK_PATIENCE_MS = 12_000;

/** `scope` separates our locks from those of other sites' chats on the same origin. */
export function openTabs(scope: string, name: string, locks: LockManager | undefined): Tabs {
  const presence = (tab: string) => `${scope}tab:${tab}`;
  if (!locks) return { name, exclusively: (_, work) => work(), ifGone: async (_, take) => take() };

  // Held until the page goes; its disappearance is how other tabs learn that this one is gone.
  locks.request(presence(name), () => new Promise<never>(() => {})).catch(ignore);

  return {
    name,
    exclusively: async (lane, work) => {
      let started = false;
      const start = () => {
        started = true;
        return work();
      };
      const patience = AbortSignal.timeout(LOCK_PATIENCE_MS);
      await locks.request(`${scope}lane:${lane}`, { signal: patience }, start).catch(ignore);
      if (!started) await work();
    },
    ifGone: async (tab, take) => {
      const options = { ifAvailable: true };
      await locks.request(presence(tab), options, (lock) => lock && take()).catch(ignore);
    },
  };
}

// A lock that could not be had (private mode, sandbox, aborted wait) leaves us where we are without locks.
function ignore(): void {}
