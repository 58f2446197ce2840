/** The rarer deeds: take the chat away as text or paper. */

import { ActionIcon, Menu } from "@mantine/core";
import { IconDots, IconDownload, IconPrinter } from "@tabler/icons-react";
import { useText } from "../app/context";
import { exportPath, printPath } from "../transcripts/paths";
import type { ConversationId } from "../wire";

export function MoreMenu({ conversation }: { conversation: ConversationId }) {
  const t = useText();
  return (
    <Menu position="bottom-end" width={210}>
      <Menu.Target>
        <ActionIcon aria-label={t("common.more")}>
          <IconDots size={20} stroke={1.6} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          component="a"
          href={exportPath(conversation)}
          download
          leftSection={<IconDownload size={16} />}
        >
          {t("transcript.export")}
        </Menu.Item>
        <Menu.Item
          component="a"
          href={printPath(conversation)}
          target="_blank"
          rel="noopener"
          leftSection={<IconPrinter size={16} />}
        >
          {t("transcript.print")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
