// What is worth saying about files on their way: begun, held up, there. Pure.

import type { Outgoing } from "../wire";

export type News = "sending" | "held" | "sent";

/** What was deleted is no news; what failed has its own voice. */
export function newsOf(
  before: readonly Outgoing[],
  now: readonly Outgoing[],
  isStored: (message: Outgoing) => boolean,
): [News, Outgoing][] {
  const news: [News, Outgoing][] = [];
  for (const message of now.filter(hasFiles)) {
    const old = find(before, message);
    if (message.state === "failed" || message.state === "sent") continue;
    if (!old || old.state === "failed") news.push(["sending", message]);
    else if (!old.held && message.held) news.push(["held", message]);
  }
  for (const old of before.filter(hasFiles))
    if (!find(now, old) && isStored(old)) news.push(["sent", old]);
  return news;
}

function find(list: readonly Outgoing[], { client_id }: Outgoing): Outgoing | undefined {
  return list.find((message) => message.client_id === client_id);
}

function hasFiles({ files = [] }: Outgoing): boolean {
  return files.length > 0;
}
