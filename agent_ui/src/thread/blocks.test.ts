import { describe, expect, it } from "vitest";
import type { Fact } from "../wire";
import { receipt, toBlocks } from "./blocks";
import { pieces } from "./links";

function said(seq: number, who: "visitor" | "agent", at: string, more: Partial<Fact> = {}): Fact {
  return {
    t: "fact",
    conversation: "c",
    seq,
    kind: "message.sent",
    from: { kind: who, id: who },
    at,
    text: "x",
    ...more,
  };
}

describe("blocks", () => {
  it("group what one author says in a row", () => {
    const blocks = toBlocks([
      said(1, "visitor", "2026-01-05T10:00:00"),
      said(2, "visitor", "2026-01-05T10:01:00"),
      said(3, "agent", "2026-01-05T10:02:00"),
    ]);
    expect(blocks.map((block) => block.kind)).toEqual(["day", "talk", "talk"]);
  });

  it.each(["unknown", "conversation.snoozed"])("leave out what is %s to us", (kind) => {
    const newer = { kind: kind as Fact["kind"], text: "?" };
    const blocks = toBlocks([
      said(1, "visitor", "2026-01-05T10:00:00"),
      said(2, "visitor", "2026-01-05T10:00:30", newer),
      said(3, "visitor", "2026-01-05T10:01:00"),
      said(4, "visitor", "2026-01-06T10:00:00", newer),
    ]);
    expect(blocks.map((block) => block.kind)).toEqual(["day", "talk"]);
  });

  it("begin anew after a pause, at a new day and for a note", () => {
    const blocks = toBlocks([
      said(1, "agent", "2026-01-05T10:00:00"),
      said(2, "agent", "2026-01-05T10:09:00"),
      said(3, "agent", "2026-01-05T10:09:30", { private: true }),
      said(4, "agent", "2026-01-06T10:00:00"),
    ]);
    expect(blocks.map((block) => block.kind)).toEqual([
      "day",
      "talk",
      "talk",
      "talk",
      "day",
      "talk",
    ]);
  });

  it("mark our last message as read once the visitor's mark has passed it", () => {
    const facts = [
      said(1, "visitor", "2026-01-05T10:00:00"),
      said(2, "agent", "2026-01-05T10:01:00"),
      said(3, "agent", "2026-01-05T10:02:00", { private: true }),
    ];
    expect(receipt(facts, 1)).toEqual({ seq: 2, isRead: false });
    expect(receipt(facts, 2)).toEqual({ seq: 2, isRead: true });
    expect(receipt([...facts, said(4, "visitor", "2026-01-05T10:03:00")], 4)).toBeNull();
  });
});

describe("links", () => {
  it("are http and https only", () => {
    expect(pieces("see javascript:alert(1) data:x")).toEqual([
      { text: "see javascript:alert(1) data:x", href: null },
    ]);
    expect(pieces("a https://b.c/d?e=1. f")[1]).toEqual({
      text: "https://b.c/d?e=1",
      href: "https://b.c/d?e=1",
    });
  });

  it("end before Chinese punctuation", () => {
    expect(pieces("看https://a.cn/x。好")[1]?.href).toBe("https://a.cn/x");
  });
});
