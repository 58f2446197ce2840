/** How to put the chat on a page: one line to copy, one page to try. */

import { Button } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";
import type { Site } from "../api/types";
import { useText } from "../app/context";
import { CopyText } from "../ui/copy-text";
import { Card } from "../ui/page";
import classes from "./page.module.css";

export function Install({ site }: { site: Site }) {
  const t = useText();
  return (
    <Card title={t("site.install")} about={t("site.install.about")}>
      <code className={classes.snippet}>{site.snippet}</code>
      <div className={classes.actions}>
        <CopyText text={site.snippet} label={t("site.copy")} />
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
