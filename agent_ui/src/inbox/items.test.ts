import { describe, expect, it } from "vitest";
import type { Sections } from "../state/inbox";
import { itemKey, keyAt, listItems, neighbour, offsetOf } from "./items";

const rows = (...ids: string[]) => ids.map((conversation) => ({ conversation, revision: 1 }));
const none: Sections = { queue: [], mine: [], others: [], closed: [] };
const open = { folded: [], wholeQueue: false };
const keys = (sections: Sections, folding = open) => listItems(sections, folding).map(itemKey);

describe("list", () => {
  it("says in words that queue and own chats are empty, and hides the rest", () => {
    expect(keys(none)).toEqual(["head:queue", "none:queue", "head:mine", "none:mine"]);
  });

  it("shows the longest waiting of a long queue until asked for all", () => {
    const long = { ...none, queue: rows("a", "b", "c", "d", "e", "f", "g") };
    expect(keys(long).slice(0, 6)).toEqual(["head:queue", "a", "b", "c", "d", "more:queue"]);
    expect(keys(long, { folded: [], wholeQueue: true })).toContain("g");
  });

  it("keeps the head of a folded section", () => {
    const items = listItems({ ...none, mine: rows("a") }, { folded: ["mine"], wholeQueue: false });
    expect(items.at(-1)).toEqual({ kind: "head", section: "mine", count: 1, isOpen: false });
  });

  it("moves to the next chat over section borders, and stops at the ends", () => {
    const items = listItems({ ...none, queue: rows("a"), mine: rows("b") }, open);
    expect(neighbour(items, "a", 1)).toBe("b");
    expect(neighbour(items, "b", 1)).toBeNull();
    expect(neighbour(items, undefined, 1)).toBe("a");
    expect(neighbour(items, undefined, -1)).toBe("b");
  });

  it("finds a line by offset and the offset of a line", () => {
    const items = listItems({ ...none, queue: rows("a", "b") }, open);
    const offset = offsetOf(items, "b") ?? 0;
    expect(keyAt(items, offset)).toBe("b");
    expect(offsetOf(items, "x")).toBeNull();
  });
});
