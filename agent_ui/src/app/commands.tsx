/** What the keyboard and the palette can do now. Screens offer commands while they are mounted. */

import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from "react";

export type Command =
  | "palette"
  | "keys"
  | "next"
  | "previous"
  | "take"
  | "close"
  | "askRating"
  | "reply"
  | "note"
  | "inbox"
  | "transcripts"
  | "canned"
  | "sites"
  | "people"
  | "mail"
  | "profile";

export interface Commands {
  offer(command: Command, run: () => void): () => void;
  run(command: Command): boolean;
  offered(command: Command): boolean;
}

function createCommands(): Commands {
  const offers = new Map<Command, (() => void)[]>();
  return {
    offer(command, run) {
      offers.set(command, [...(offers.get(command) ?? []), run]);
      return () =>
        offers.set(
          command,
          (offers.get(command) ?? []).filter((one) => one !== run),
        );
    },
    run(command) {
      const latest = offers.get(command)?.at(-1);
      latest?.();
      return latest !== undefined;
    },
    offered: (command) => (offers.get(command)?.length ?? 0) > 0,
  };
}

const CommandsContext = createContext<Commands | null>(null);

export function CommandsProvider({ children }: { children: ReactNode }) {
  const [commands] = useState(createCommands);
  return <CommandsContext value={commands}>{children}</CommandsContext>;
}

export function useCommands(): Commands {
  const commands = useContext(CommandsContext);
  if (commands === null) throw new Error("outside of CommandsProvider");
  return commands;
}

/** Offers a command while `run` is a function; the newest offer wins. */
export function useCommand(command: Command, run: (() => void) | null): void {
  const commands = useCommands();
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  const offered = run !== null;
  useEffect(() => {
    if (!offered) return;
    return commands.offer(command, () => latest.current?.());
  }, [commands, command, offered]);
}
