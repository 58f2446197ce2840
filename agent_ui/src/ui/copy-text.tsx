/** A button that copies, and says that it did. */

import { Button, CopyButton } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useText } from "../app/context";

export function CopyText({ text, label }: { text: string; label: string }) {
  const t = useText();
  return (
    <CopyButton value={text} timeout={2000}>
      {({ copied, copy }) => (
        <Button
          leftSection={copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
          onClick={copy}
        >
          <span aria-live="polite">{copied ? t("common.copied") : label}</span>
        </Button>
      )}
    </CopyButton>
  );
}
