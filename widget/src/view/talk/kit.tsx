// Puts together what shows a conversation: its rows, and the views that draw and say them.

import { signal } from "@preact/signals";
import type { ComponentType } from "preact";
import type { Session } from "../../session";
import talkStyles from "../../style/talk.css?inline";
import type { TalkKit } from "../../talk";
import { wear } from "../wear";
import { Announcer } from "./announcer";
import { SharedProvider } from "./context";
import { EndQuestion } from "./ending";
import { Notice } from "./notice";
import { Quoting } from "./quote";
import { createRows } from "./rows";
import { Thread } from "./thread";

export function createTalk({ store }: Session): TalkKit {
  wear(talkStyles);
  const shared = { rows: createRows(store), reached: signal(null), voice: signal("") };
  const within = (Part: ComponentType) => () => (
    <SharedProvider value={shared}>
      <Part />
    </SharedProvider>
  );
  return {
    Thread: within(Thread),
    Announcer: within(Announcer),
    Notice,
    EndQuestion,
    Quoting,
  };
}
