import { describe, expect, it } from "vitest";
import { type ChatState, initialState } from "../../src/state";
import { askOf } from "../../src/view/after/ask";
import { openDrafts } from "../../src/view/after/draft";
import { reasonsFor } from "../../src/view/after/reasons";
import { type Fact, memoryShelf, type Phase } from "../../src/wire";
import { closedBy, fact, fromAnn, fromVera, opened } from "../support/facts";

const asked = (seq: number) => fact(seq, "csat.asked", { from: { kind: "agent", name: "Ann" } });
const rated = (seq: number, score = 4) =>
  fact(seq, "csat.rated", { from: { kind: "visitor" }, rating: { score }, text: "Nice" });
const reopened = (seq: number) => fact(seq, "conversation.reopened");
const talk = [opened(), fromVera(2, "Hi"), fromAnn(3, "Hello")];

function state(phase: Phase, ...thread: Fact[]): ChatState {
  return { ...initialState(4000), conversation: "c", phase, thread };
}

describe("whether to ask", () => {
  it("asks after the close of a chat that somebody answered", () => {
    expect(askOf(state("active", ...talk), true)).toBeNull();
    const ask = askOf(state("closed", ...talk, closedBy(4, "agent")), true);
    expect(ask).toEqual({ key: "c.4", conversation: "c", given: null, isAnswered: false });
  });

  it("does not ask how it was when nobody came, nor where the site wants no question", () => {
    expect(
      askOf(state("closed", opened(), fromVera(2, "Hi"), closedBy(3, "visitor")), true),
    ).toBeNull();
    expect(askOf(state("closed", ...talk, closedBy(4, "agent")), false)).toBeNull();
  });

  it("asks whenever an agent does, once each time", () => {
    expect(askOf(state("active", ...talk, asked(4)), false)?.key).toBe("c.4");
    expect(askOf(state("active", ...talk, asked(4), rated(5)), false)?.isAnswered).toBe(true);
    const again = askOf(state("active", ...talk, asked(4), rated(5), asked(6)), true);
    expect(again).toMatchObject({
      key: "c.6",
      isAnswered: false,
      given: { score: 4, comment: "Nice" },
    });
  });

  it("takes what was said during the chat for its close, but not beyond the next beginning", () => {
    const closed = [...talk, asked(4), rated(5), closedBy(6, "agent")];
    expect(askOf(state("closed", ...closed), true)?.isAnswered).toBe(true);
    const next = [...closed, reopened(7), fromVera(8, "Still there?")];
    expect(askOf(state("active", ...next), true)).toBeNull();
    expect(askOf(state("closed", ...next, closedBy(9, "agent")), true)?.isAnswered).toBe(false);
  });
});

it("keeps a rating over reloads and forgets those of earlier chats", () => {
  const shelf = memoryShelf();
  const draft = { score: 3, resolved: null, reasons: ["slow"], comment: "Hm" };
  openDrafts(shelf).set("c.4", "skipped");
  openDrafts(shelf).set("d.9", draft);
  expect(openDrafts(shelf).get("d.9")).toEqual(draft);
  expect(openDrafts(shelf).get("c.4")).toBeNull();
});

it("offers reasons that fit the score, the site's own where there are some", () => {
  const none = { enabled: true, words: [], reasons_low: [], reasons_high: [] };
  expect(reasonsFor(3, none)).toContain("slow");
  expect(reasonsFor(4, none)).toContain("kind");
  expect(reasonsFor(5, { ...none, reasons_high: ["Free tea"] })).toEqual(["Free tea"]);
});
