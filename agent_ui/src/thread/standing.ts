/** How the person at the screen stands to a chat, which decides what they may do. Pure. */

import type { InboxRow } from "../wire";

export type Standing = "queue" | "mine" | "others" | "closed" | "unknown";

export function standingOf(row: InboxRow | undefined, me: string): Standing {
  if (!row?.phase) return "unknown";
  if (row.phase === "closed") return "closed";
  if (row.phase === "queued") return "queue";
  return row.assignee?.id === me ? "mine" : "others";
}
