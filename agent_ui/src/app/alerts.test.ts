import { expect, it } from "vitest";
import { applyFrame, initialState } from "../state/state";
import type { InboxRow } from "../wire";
import { freshMessages } from "./use-alerts";

const row = (more: Partial<InboxRow>): InboxRow => ({
  conversation: "c",
  revision: 1,
  phase: "queued",
  ...more,
});
const after = (state: ReturnType<typeof initialState>, one: InboxRow) =>
  applyFrame(state, { t: "inbox", position: one.revision, rows: [one] }, 0);

it("the first load is no news", () => {
  const start = initialState("ann");
  expect(freshMessages(start, after(start, row({ unread: 3 })))).toEqual([]);
});

it("more unread in the queue or in my chats is news, elsewhere it is not", () => {
  const start = after(initialState("ann"), row({ unread: 1 }));
  expect(freshMessages(start, after(start, row({ revision: 2, unread: 2 })))).toHaveLength(1);
  expect(freshMessages(start, after(start, row({ revision: 2, unread: 1 })))).toEqual([]);
  const theirs = row({
    revision: 2,
    unread: 2,
    phase: "active",
    assignee: { id: "ben", name: "Ben" },
  });
  expect(freshMessages(start, after(start, theirs))).toEqual([]);
});
