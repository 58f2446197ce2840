/** The ways to take a chat along; notes only when asked for. */

import { Menu } from "@mantine/core";
import { IconDownload, IconPrinter } from "@tabler/icons-react";
import { useText } from "../app/context";
import { exportPath, printPath } from "./paths";

export function ExportItems({ conversation }: { conversation: string }) {
  return (
    <>
      <Group conversation={conversation} notes={false} />
      <Menu.Divider />
      <Group conversation={conversation} notes />
    </>
  );
}

function Group({ conversation, notes }: { conversation: string; notes: boolean }) {
  const t = useText();
  return (
    <>
      <Menu.Item
        component="a"
        href={exportPath(conversation, { notes })}
        download
        leftSection={<IconDownload size={16} />}
      >
        {t(notes ? "transcript.export.notes" : "transcript.export")}
      </Menu.Item>
      <Menu.Item
        component="a"
        href={printPath(conversation, { notes })}
        target="_blank"
        rel="noopener"
        leftSection={<IconPrinter size={16} />}
      >
        {t(notes ? "transcript.print.notes" : "transcript.print")}
      </Menu.Item>
    </>
  );
}
