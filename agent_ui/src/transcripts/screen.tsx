/** Past chats: find one, read one. */

import { TranscriptList } from "./list";
import { Reader } from "./reader";
import classes from "./screen.module.css";

export function TranscriptsScreen({ conversation }: { conversation: string | undefined }) {
  return (
    <div className={classes.screen} data-reading={conversation !== undefined || undefined}>
      <TranscriptList selected={conversation} />
      <Reader key={conversation ?? ""} conversation={conversation} />
    </div>
  );
}
