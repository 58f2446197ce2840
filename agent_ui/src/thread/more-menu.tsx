/** The rarer deeds: ask how it was, take the chat away as text or paper. */

import { ActionIcon, Menu } from "@mantine/core";
import { IconDots, IconStar } from "@tabler/icons-react";
import { useCommand } from "../app/commands";
import { useText } from "../app/context";
import { ExportItems } from "../transcripts/export-items";
import type { ConversationId } from "../wire";
import { useActions } from "./use-actions";

export function MoreMenu({ conversation }: { conversation: ConversationId }) {
  const t = useText();
  const { askRating } = useActions(conversation);
  useCommand("askRating", () => void askRating());
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <ActionIcon aria-label={t("common.more")}>
          <IconDots size={20} stroke={1.6} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconStar size={16} />} onClick={() => void askRating()}>
          {t("command.askRating")}
        </Menu.Item>
        <Menu.Divider />
        <ExportItems conversation={conversation} />
      </Menu.Dropdown>
    </Menu>
  );
}
