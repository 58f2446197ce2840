import { describe, expect, it } from "vitest";
import {
  type Action,
  type ChatState,
  hasHole,
  initialState,
  reduce,
  unread,
  unsent,
} from "../src/state";
import { companion } from "../src/thread";
import type { Fact, Outgoing, VisitorServerMessage } from "../src/wire";
import { annJoined, closedBy, fact, fromAnn, fromVera, opened, welcome } from "./support/facts";

function after(...actions: Action[]): ChatState {
  return actions.reduce(reduce, initialState(4000));
}

function told(...frames: VisitorServerMessage[]): ChatState {
  return after(...frames.map((frame): Action => ({ kind: "frame", frame })));
}

const seqs = (state: ChatState) => state.thread.map((f) => f.seq);
const inC = (seq: number) => welcome({ conversation: { id: "c", seq, phase: "active" } });
const facts = (...list: ReturnType<typeof fact>[]) =>
  ({ t: "facts", conversation: "c", facts: list }) as const;

describe("the state", () => {
  it("takes the newest page as it comes and goes on from there", () => {
    const state = told(inC(7), facts(fromVera(6, "hi"), fromAnn(7, "hello")), fromAnn(8, "you?"));
    expect(seqs(state)).toEqual([6, 7, 8]);
  });

  it("shows a fact once, however often it is told", () => {
    const state = told(inC(2), facts(opened(), fromVera(2, "hi")), fromVera(2, "hi"));
    expect(seqs(state)).toEqual([1, 2]);
  });

  it("sees a hole and waits for what is missing", () => {
    const holed = told(inC(1), opened(), fromAnn(3, "later"));
    expect(seqs(holed)).toEqual([1]);
    expect(hasHole(holed)).toBe(true);
    const history: Action = {
      kind: "history",
      conversation: "c",
      facts: [fromVera(2, "hi"), fromAnn(3, "later")],
    };
    const mended = reduce(holed, history);
    expect(seqs(mended)).toEqual([1, 2, 3]);
    expect(hasHole(mended)).toBe(false);
  });

  it.each(["unknown", "conversation.snoozed"])("counts what is %s to it, and goes on", (kind) => {
    const newer = fact(3, kind as Fact["kind"], { from: { kind: "agent" } });
    const state = told(inC(2), facts(opened(), annJoined(2)), newer, fromAnn(4, "later"));
    expect(seqs(state)).toEqual([1, 2, 3, 4]);
    expect([state.told, hasHole(state), state.phase]).toEqual([4, false, "active"]);
    expect(companion(state.thread)?.name).toBe("Ann");
  });

  it("puts an earlier page before what it has", () => {
    const state = after(
      { kind: "frame", frame: inC(4) },
      { kind: "frame", frame: facts(fromVera(3, "c"), fromAnn(4, "d")) },
      { kind: "history", conversation: "c", facts: [opened(), fromVera(2, "b")] },
    );
    expect(seqs(state)).toEqual([1, 2, 3, 4]);
  });

  it("follows the phase as the facts tell it", () => {
    expect(told(inC(1), opened()).phase).toBe("queued");
    expect(told(inC(2), facts(opened(), annJoined(2))).phase).toBe("active");
    expect(told(inC(2), facts(opened(), closedBy(2, "agent"))).phase).toBe("closed");
    expect(told(inC(2), facts(opened(), fromAnn(2, "hi"))).phase).toBe("active");
  });

  it("knows who is with the visitor", () => {
    expect(companion(told(inC(2), facts(opened(), annJoined(2))).thread)?.name).toBe("Ann");
    const left = fact(3, "conversation.unassigned");
    expect(companion(told(inC(3), facts(opened(), annJoined(2), left)).thread)).toBeNull();
  });

  it("counts agents' messages that were not read, and never counts back", () => {
    const state = told(inC(3), facts(opened(), fromAnn(2, "a"), fromAnn(3, "b")));
    expect(unread(state)).toBe(2);
    const read = reduce(state, { kind: "read", conversation: "c", seq: 3 });
    expect(unread(read)).toBe(0);
    expect(reduce(read, { kind: "read", conversation: "c", seq: 1 }).read).toBe(3);
    expect(reduce(state, { kind: "read", conversation: "other", seq: 3 }).read).toBe(0);
  });

  it("takes over what the visitor has read in another tab, only forwards", () => {
    const mark = (seq: number) => ({ t: "state", kind: "seen", conversation: "c", seq }) as const;
    const state = told(inC(3), mark(3), mark(2));
    expect([state.read, state.agentRead]).toEqual([3, 0]);
  });

  it("passes over news of a kind that it does not know", () => {
    const mood = { t: "state", kind: "mood", conversation: "c", seq: 3 };
    const state = told(inC(3), mood as unknown as VisitorServerMessage);
    expect([state.read, state.agentRead]).toEqual([0, 0]);
  });

  it("knows whether the team sees drafts, by the welcome and from then on", () => {
    const on = told(welcome({ drafts: true }));
    expect(on.drafts).toBe(true);
    expect(
      told(welcome({ drafts: true }), { t: "state", kind: "drafts", drafts: false }).drafts,
    ).toBe(false);
    expect(told(welcome()).drafts).toBe(false);
  });

  it("takes over read marks from the server, only forwards", () => {
    const mark = (seq: number) => ({ t: "state", kind: "read", conversation: "c", seq }) as const;
    expect(told(inC(3), mark(3), mark(2)).agentRead).toBe(3);
  });

  it("drops everything when the database began a new life", () => {
    const state = told(inC(2), facts(opened(), fromVera(2, "hi")), welcome({ epoch: "e2" }));
    expect(state.thread).toEqual([]);
    expect(state.conversation).toBeNull();
  });

  it("drops its copy on a reset, but not for another conversation", () => {
    const held = [inC(2), facts(opened(), fromVera(2, "hi"))];
    expect(told(...held, { t: "reset", epoch: "e1", conversation: "c" }).thread).toEqual([]);
    expect(told(...held, { t: "reset", epoch: "e1", conversation: "x" }).thread).toHaveLength(2);
  });

  it("keeps an ended conversation on screen when the next one begins", () => {
    const next = { ...opened(), conversation: "d" };
    const state = told(inC(2), facts(opened(), closedBy(2, "agent")), next);
    expect(state.conversation).toBe("d");
    expect(state.past).toHaveLength(2);
    expect(seqs(state)).toEqual([1]);
  });

  it("ignores facts of a conversation that is not the present one", () => {
    const stray = { ...fromAnn(9, "old"), conversation: "x" };
    expect(told(inC(1), opened(), stray).conversation).toBe("c");
  });

  it("forgets who typed when they have spoken, when it goes quiet and when the line breaks", () => {
    const typing = { t: "signal", conversation: "c", from: { kind: "agent" }, on: true } as const;
    const state = told(inC(1), opened(), typing);
    expect(state.typing).toEqual({ kind: "agent" });
    expect(reduce(state, { kind: "frame", frame: fromAnn(2, "hi") }).typing).toBeNull();
    expect(reduce(state, { kind: "quiet" }).typing).toBeNull();
    expect(reduce(state, { kind: "link", stage: "waiting", code: null }).typing).toBeNull();
  });

  it("ignores typing of the visitor's own other tab", () => {
    const own = { t: "signal", conversation: "c", from: { kind: "visitor" }, on: true } as const;
    expect(told(inC(1), opened(), own).typing).toBeNull();
  });

  it("counts what would be lost", () => {
    const message = (state: Outgoing["state"]): Outgoing => ({
      client_id: state,
      lane: "",
      text: "",
      at: 0,
      state,
    });
    const messages = [message("waiting"), message("sending"), message("sent"), message("failed")];
    expect(unsent(after({ kind: "outbox", messages }))).toBe(2);
  });

  it("lets frames of a newer server pass", () => {
    const unheard = { t: "confetti" } as unknown as VisitorServerMessage;
    expect(told(inC(1), unheard).conversation).toBe("c");
  });
});
