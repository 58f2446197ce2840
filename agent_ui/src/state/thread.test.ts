import { describe, expect, it } from "vitest";
import type { Fact } from "../wire";
import { append, hasEarlier, lastSeq, openThread, page, prepend, readByVisitor } from "./thread";

function fact(seq: number): Fact {
  return {
    t: "fact",
    conversation: "c",
    seq,
    kind: "message.sent",
    from: { kind: "visitor" },
    at: "2026-01-01T00:00:00Z",
    text: `${seq}`,
  };
}

const loaded = page(openThread("c"), [fact(5), fact(6)]);
const seqs = (thread: { facts: readonly Fact[] }) => thread.facts.map((one) => one.seq);

describe("thread", () => {
  it("starts with the newest page, wherever that begins", () => {
    expect(loaded.loading).toBeNull();
    expect(lastSeq(loaded)).toBe(6);
    expect(hasEarlier(loaded)).toBe(true);
  });

  it("takes the next fact and skips a known one", () => {
    expect(seqs(append(loaded, [fact(6), fact(7)]))).toEqual([5, 6, 7]);
    expect(append(loaded, [fact(7)]).gap).toBe(false);
  });

  it("holds back a fact out of turn and remembers the gap", () => {
    const gapped = append(loaded, [fact(9)]);
    expect(seqs(gapped)).toEqual([5, 6]);
    expect(gapped.gap).toBe(true);
    expect(page(gapped, [fact(7), fact(8), fact(9)]).gap).toBe(false);
  });

  it("leaves a live fact that overtook the first page to that page", () => {
    const early = append(openThread("c"), [fact(6)]);
    expect(early.facts).toEqual([]);
    expect(seqs(page(early, [fact(5), fact(6)]))).toEqual([5, 6]);
  });

  it("puts earlier facts before, without doubles", () => {
    const whole = prepend(loaded, [fact(1), fact(2), fact(3), fact(4), fact(5)]);
    expect(seqs(whole)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(hasEarlier(whole)).toBe(false);
  });

  it("never moves the visitor's read mark back", () => {
    expect(readByVisitor(readByVisitor(loaded, 6), 5).readByVisitor).toBe(6);
  });
});
