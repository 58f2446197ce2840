/** What the palette can find: commands on offer, places to go, chats. */

import { useLocation } from "wouter";
import { visitorName } from "../visitor/name";
import { type Command, useCommands } from "./commands";
import { useConsole } from "./context";
import { bindings } from "./keys";
import { paths } from "./paths";

export interface Entry {
  readonly id: string;
  readonly group: string;
  readonly label: string;
  readonly detail: string;
  readonly keys: readonly string[];
  run(): void;
}

const doing: readonly Command[] = [
  "take",
  "reply",
  "note",
  "close",
  "askRating",
  "next",
  "previous",
  "keys",
];
const going: readonly Command[] = [
  "inbox",
  "transcripts",
  "canned",
  "sites",
  "people",
  "mail",
  "profile",
];
const MOST = 40;

/** Asked when the palette opens, not at every change of the inbox. */
export function useEntries(): () => readonly Entry[] {
  const { session, t } = useConsole();
  const commands = useCommands();
  const [, go] = useLocation();
  const entry = (group: string) => (command: Command) => ({
    id: command,
    group,
    label: t(`command.${command}`),
    detail: "",
    keys: bindings.find((binding) => binding.command === command)?.keys ?? [],
    run: () => void commands.run(command),
  });
  return () => [
    ...doing.filter(commands.offered).map(entry(t("palette.here"))),
    ...going.filter(commands.offered).map(entry(t("palette.go"))),
    ...Object.values(session.store.get().inbox.rows).map((row) => ({
      id: row.conversation,
      group: t("palette.chats"),
      label: visitorName(row.visitor, t),
      detail: row.last?.text ?? "",
      keys: [],
      run: () => go(paths.chat(row.conversation)),
    })),
  ];
}

/** Those that hold every word of the query. Pure. */
export function findEntries(entries: readonly Entry[], query: string): readonly Entry[] {
  const words = query.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const text = (entry: Entry) => `${entry.label} ${entry.detail}`.toLocaleLowerCase();
  return entries
    .filter((entry) => words.every((word) => text(entry).includes(word)))
    .slice(0, MOST);
}
