import { describe, expect, it } from "vitest";
import type { InboxRow } from "../wire";
import { applyInbox, emptyInbox, sections, setVisitor, unreadForMe } from "./inbox";

const never = () => false;

function row(conversation: string, more: Partial<InboxRow> = {}): InboxRow {
  return {
    conversation,
    revision: 1,
    phase: "active",
    assignee: { id: "ann", name: "Ann" },
    ...more,
  };
}

function inboxOf(...rows: InboxRow[]) {
  return applyInbox(emptyInbox, { t: "inbox", position: 1, rows }, never);
}

describe("inbox", () => {
  it("is not ready until the first frame", () => {
    expect(emptyInbox.ready).toBe(false);
    expect(inboxOf().ready).toBe(true);
  });

  it("keeps the newer revision of a row, whatever order frames come in", () => {
    const inbox = inboxOf(row("c", { revision: 5, unread: 2 }));
    const next = applyInbox(
      inbox,
      { t: "inbox", position: 6, rows: [row("c", { revision: 3 })] },
      never,
    );
    expect(next.rows.c?.unread).toBe(2);
    expect(next.position).toBe(6);
  });

  it("drops a row that is gone, but keeps the one on screen", () => {
    const gone = {
      t: "inbox" as const,
      position: 9,
      rows: [{ conversation: "c", revision: 9, gone: true }],
    };
    expect(applyInbox(inboxOf(row("c")), gone, never).rows.c).toBeUndefined();
    const kept = applyInbox(inboxOf(row("c")), gone, () => true);
    expect(kept.rows.c?.gone).toBe(true);
    expect(sections(kept.rows, "ann").mine).toEqual([]);
  });

  it("lists what I closed as recently closed, and nobody else's", () => {
    const closed = { revision: 9, gone: true, phase: "closed" as const };
    const frame = {
      t: "inbox" as const,
      position: 9,
      rows: [
        row("mine", closed),
        row("theirs", { ...closed, assignee: { id: "ben", name: "Ben" } }),
      ],
    };
    const { rows } = applyInbox(inboxOf(row("mine"), row("theirs")), frame, () => true);
    expect(sections(rows, "ann").closed.map((one) => one.conversation)).toEqual(["mine"]);
    expect(rows.theirs?.phase).toBe("closed");
  });

  it("leaves the order alone when a message comes, and renews it when a chat moves", () => {
    const inbox = inboxOf(row("c"));
    const said = applyInbox(
      inbox,
      { t: "inbox", position: 2, rows: [row("c", { revision: 2, unread: 1 })] },
      never,
    );
    expect(said.placed).toBe(inbox.placed);
    const taken = row("c", { revision: 3, assignee: { id: "ben", name: "Ben" } });
    const moved = applyInbox(said, { t: "inbox", position: 3, rows: [taken] }, never);
    expect(sections(moved.placed, "ann").others).toHaveLength(1);
  });

  it("sorts each section by arrival, so that a message moves nothing", () => {
    const first = row("b", { queued_at: "2026-01-01T10:00:00Z", last_at: "2026-01-01T10:00:00Z" });
    const second = row("a", { queued_at: "2026-01-01T11:00:00Z", last_at: "2026-01-01T12:00:00Z" });
    const order = sections(inboxOf(second, first).rows, "ann").mine.map((one) => one.conversation);
    expect(order).toEqual(["b", "a"]);
  });

  it("puts chats where they belong", () => {
    const { rows } = inboxOf(
      row("q", { phase: "queued", assignee: undefined }),
      row("m"),
      row("o", { assignee: { id: "ben", name: "Ben" } }),
      row("x", { phase: "closed" }),
    );
    const found = sections(rows, "ann");
    expect(found.queue[0]?.conversation).toBe("q");
    expect(found.mine[0]?.conversation).toBe("m");
    expect(found.others[0]?.conversation).toBe("o");
    expect(found.closed[0]?.conversation).toBe("x");
  });

  it("counts as unread what is mine to answer", () => {
    const { rows } = inboxOf(
      row("q", { phase: "queued", assignee: undefined, unread: 1 }),
      row("m", { unread: 2 }),
      row("o", { assignee: { id: "ben", name: "Ben" }, unread: 4 }),
    );
    expect(unreadForMe(rows, "ann")).toBe(3);
  });

  it("tells every chat of a visitor what changed about them", () => {
    const inbox = inboxOf(row("c", { visitor: { id: "v", name: "Vera", online: true } }));
    const next = setVisitor(inbox, { id: "v" });
    expect(next.rows.c?.visitor).toEqual({ id: "v", name: "Vera", online: false });
  });
});
