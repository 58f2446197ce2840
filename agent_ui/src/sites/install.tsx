/** How to put the chat on a page: one line to copy, one page to try. */

import { Alert, Button, Switch } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";
import { useState } from "react";
import type { Site } from "../api/types";
import { useText } from "../app/context";
import { CopyText } from "../ui/copy-text";
import { Card } from "../ui/page";
import { errorText } from "../ui/trouble";
import classes from "./page.module.css";
import { useLoader, useWidget } from "./queries";
import { pinned, withAttributes } from "./snippet";

export function Install({ site }: { site: Site }) {
  const t = useText();
  const { data: widget } = useWidget(site.id);
  const [isWhole, setWhole] = useState(false);
  const [isPinned, setPinned] = useState(false);
  const loader = useLoader(isPinned);
  const line = isWhole && widget ? withAttributes(site, widget) : site.snippet;
  const snippet = isPinned && loader.data ? pinned(line, loader.data) : line;
  return (
    <Card title={t("site.install")} about={t("site.install.about")}>
      {site.origins.length === 0 && (
        <Alert color="orange" mb="md">
          {t("site.install.nowhere")}
        </Alert>
      )}
      <code className={classes.snippet}>{snippet}</code>
      <Switch
        mb="md"
        label={t("site.attributes")}
        description={t("site.attributes.about")}
        checked={isWhole}
        onChange={(event) => setWhole(event.currentTarget.checked)}
      />
      <Switch
        mb="md"
        label={t("site.pinned")}
        description={t("site.pinned.about")}
        error={loader.error && errorText(loader.error, t)}
        checked={isPinned}
        onChange={(event) => setPinned(event.currentTarget.checked)}
      />
      <div className={classes.actions}>
        <CopyText text={snippet} label={t("site.copy")} />
        <Button
          component="a"
          href={site.preview_url}
          target="_blank"
          rel="noopener"
          variant="default"
          rightSection={<IconExternalLink size={16} />}
        >
          {t("site.preview")}
        </Button>
      </div>
    </Card>
  );
}
