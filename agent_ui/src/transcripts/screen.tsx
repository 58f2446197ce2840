/** Past chats: find one, read one. */

import { VisuallyHidden } from "@mantine/core";
import { useText } from "../app/context";
import { TranscriptList } from "./list";
import { Reader } from "./reader";
import classes from "./screen.module.css";

export function TranscriptsScreen({ conversation }: { conversation: string | undefined }) {
  const t = useText();
  return (
    <div className={classes.screen} data-reading={conversation !== undefined || undefined}>
      <VisuallyHidden component="h1">{t("nav.transcripts")}</VisuallyHidden>
      <TranscriptList selected={conversation} />
      <Reader key={conversation ?? ""} conversation={conversation} />
    </div>
  );
}
