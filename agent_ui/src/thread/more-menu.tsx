/** The rarer deeds: take the chat away as text or paper. */

import { ActionIcon, Menu } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import { useText } from "../app/context";
import { ExportItems } from "../transcripts/export-items";
import type { ConversationId } from "../wire";

export function MoreMenu({ conversation }: { conversation: ConversationId }) {
  const t = useText();
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <ActionIcon aria-label={t("common.more")}>
          <IconDots size={20} stroke={1.6} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <ExportItems conversation={conversation} />
      </Menu.Dropdown>
    </Menu>
  );
}
