/** Which message the next answer is to. Lives as long as one chat is on screen. */

import { createContext, type ReactNode, useContext, useMemo, useState } from "react";
import { useCommands } from "../app/commands";
import type { Fact } from "../wire";
import type { Mode } from "./use-draft";

export interface QuotingState {
  readonly quoted: Fact | null;
  quote(fact: Fact): void;
  clear(): void;
}

const Context = createContext<QuotingState | null>(null);

export function QuotingProvider({ children }: { children: ReactNode }) {
  const [quoted, setQuoted] = useState<Fact | null>(null);
  const commands = useCommands();
  const state = useMemo<QuotingState>(
    () => ({
      quoted,
      quote(fact) {
        setQuoted(fact);
        commands.run(fact.private ? "note" : "reply");
      },
      clear: () => setQuoted(null),
    }),
    [quoted, commands],
  );
  return <Context value={state}>{children}</Context>;
}

/** Null where nothing can be answered: in a transcript. */
export function useQuoting(): QuotingState | null {
  return useContext(Context);
}

/** What this field answers. A note is answered in notes alone: the visitor must not learn of it. */
export function useQuoted(mode: Mode): { quoted: Fact | null; clear(): void } {
  const { quoted = null, clear = () => {} } = useQuoting() ?? {};
  return { quoted: mode === "note" || !quoted?.private ? quoted : null, clear };
}
