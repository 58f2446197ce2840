import { beforeEach, describe, expect, it } from "vitest";
import { fromAnn, opened } from "./support/facts";
import { begin, greet, inC, sent, state, world } from "./support/session";

beforeEach(begin);

describe("what a session tells of reading and typing", () => {
  it("tells what was read, once a second and only forwards", async () => {
    await greet(inC(2));
    world.wire.last().say({ t: "facts", conversation: "c", facts: [opened(), fromAnn(2, "a")] });
    world.session.seen();
    world.session.seen();
    expect(sent("read")).toEqual([{ t: "read", conversation: "c", seq: 2 }]);
    world.wire.last().say(fromAnn(3, "b"));
    world.session.seen();
    world.wire.last().say(fromAnn(4, "c"));
    world.session.seen();
    await world.clock.pass(1_000);
    expect(sent("read").map((frame) => frame.seq)).toEqual([2, 4]);
  });

  it("tells what was read while the line was down", async () => {
    await greet(inC(2));
    world.wire.last().say({ t: "facts", conversation: "c", facts: [opened(), fromAnn(2, "a")] });
    world.wire.last().drop();
    world.session.seen();
    await world.clock.pass(10);
    await greet(inC(2));
    await world.clock.pass(1_000);
    expect(sent("read")).toEqual([{ t: "read", conversation: "c", seq: 2 }]);
  });

  it("tells rarely that the visitor types, and when they stop", async () => {
    await greet(inC(1));
    for (const text of ["h", "he", "hel"]) world.session.typed(text);
    expect(sent("typing").map((frame) => frame.on)).toEqual([true]);
    await world.clock.pass(5_100);
    expect(sent("typing").map((frame) => frame.on)).toEqual([true, false]);
  });

  it("shares what is written where the visitor is told so, at most every 2 s", async () => {
    await greet({ ...inC(1), drafts: true });
    for (const text of ["h", "he", "hel", "hell"]) world.session.typed(text);
    const drafts = () => sent("typing").map((frame) => frame.draft);
    expect(drafts()).toEqual(["h"]);
    await world.clock.pass(2_000);
    expect(drafts()).toEqual(["h", "hell"]);
    await world.clock.pass(5_000);
    expect(sent("typing").at(-1)).toEqual({ t: "typing", conversation: "c", on: false });
  });

  it("shares nothing of what it sends, nor after the message went out", async () => {
    await greet({ ...inC(1), drafts: true });
    world.session.typed("h");
    world.session.typed("hello");
    world.session.write("hello");
    await world.clock.pass(6_000);
    expect(sent("typing").map((frame) => frame.draft)).toEqual(["h"]);
  });

  it("never shares what was in the field before the visitor was told", async () => {
    await greet(inC(1));
    world.session.typed("my password is");
    world.wire.last().say({ t: "state", kind: "drafts", drafts: true });
    world.session.typed("my password is 12345");
    await world.clock.pass(4_000);
    expect(sent("typing").filter((frame) => frame.draft !== undefined)).toEqual([]);
    world.session.typed("");
    world.session.typed("H");
    expect(sent("typing").at(-1)).toMatchObject({ on: true, draft: "H" });
  });

  it("stops sharing at once when the site no longer wants it", async () => {
    await greet({ ...inC(1), drafts: true });
    world.session.typed("h");
    world.session.typed("he");
    world.wire.last().say({ t: "state", kind: "drafts", drafts: false });
    await world.clock.pass(2_500);
    expect(sent("typing").map((frame) => frame.draft)).toEqual(["h", undefined]);
  });

  it("lets an agent's typing run out after 6 s", async () => {
    await greet(inC(1));
    world.wire.last().say(opened());
    world.wire.last().say({ t: "signal", conversation: "c", from: { kind: "agent" }, on: true });
    expect(state().typing).not.toBeNull();
    await world.clock.pass(6_100);
    expect(state().typing).toBeNull();
  });
});
