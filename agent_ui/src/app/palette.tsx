/** Ctrl/⌘+K: go anywhere, find a chat, do what the screen offers, all from the keyboard. */

import "@mantine/spotlight/styles.css";

import { Spotlight, type SpotlightActionGroupData, spotlight } from "@mantine/spotlight";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { useLocation } from "wouter";
import { visitorName } from "../visitor/name";
import { type Command, useCommand, useCommands } from "./commands";
import { useConsole } from "./context";
import { bindings } from "./keys";
import { Keys } from "./keys-help";
import { paths } from "./paths";

const doing: readonly Command[] = ["take", "reply", "note", "close", "next", "previous", "keys"];
const going: readonly Command[] = ["inbox", "transcripts", "canned", "sites", "people", "profile"];
const MOST_CHATS = 200;

export function Palette() {
  const { t } = useConsole();
  const [groups, setGroups] = useState<SpotlightActionGroupData[]>([]);
  const collect = useGroups();
  useCommand("palette", () => {
    setGroups(collect());
    spotlight.toggle();
  });
  return (
    <Spotlight
      actions={groups}
      shortcut={null}
      limit={30}
      highlightQuery
      scrollable
      maxHeight={420}
      nothingFound={t("palette.nothing")}
      searchProps={{
        leftSection: <IconSearch size={18} stroke={1.6} />,
        placeholder: t("palette.placeholder"),
        "aria-label": t("palette.placeholder"),
      }}
    />
  );
}

/** What is on offer is asked when the palette opens, not on every change of the inbox. */
function useGroups(): () => SpotlightActionGroupData[] {
  const { session, t } = useConsole();
  const commands = useCommands();
  const [, go] = useLocation();
  const action = (command: Command) => ({
    id: command,
    label: t(`command.${command}`),
    rightSection: (
      <Keys keys={bindings.find((binding) => binding.command === command)?.keys ?? []} />
    ),
    onClick: () => void commands.run(command),
  });
  return () => {
    const offered = (list: readonly Command[]) => list.filter(commands.offered).map(action);
    const chats = Object.values(session.store.get().inbox.rows).slice(0, MOST_CHATS);
    return [
      { group: t("palette.here"), actions: offered(doing) },
      { group: t("palette.go"), actions: offered(going) },
      {
        group: t("palette.chats"),
        actions: chats.map((row) => ({
          id: row.conversation,
          label: visitorName(row.visitor, t),
          description: row.last?.text ?? "",
          onClick: () => go(paths.chat(row.conversation)),
        })),
      },
    ].filter(({ actions }) => actions.length > 0);
  };
}
