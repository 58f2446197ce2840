import { beforeEach, describe, expect, it } from "vitest";
import { hasHole } from "../src/state";
import { VERSION } from "../src/wire";
import { settle } from "./support/clock";
import { fromAnn, fromVera, opened } from "./support/facts";
import { answer, begin, greet, inC, refuse, sent, state, visitors, world } from "./support/session";

beforeEach(begin);

describe("a visitor's session", () => {
  it("introduces itself with page, ticket and locale, and keeps the token it is given", async () => {
    await greet({ token: "t1" });
    expect(sent("hello")[0]).toMatchObject({
      v: VERSION,
      ticket: "ticket",
      tab: "tab",
      locale: "en",
      page: { url: "https://shop.example/" },
    });
    expect(world.tokens).toEqual(["t1"]);
  });

  it("rates only where the server knows what that is: another would never answer", async () => {
    const rating = { conversation: "c", client_id: "r1", score: 4 };
    await greet({ v: 2, ...inC(3) });
    const refused = await world.session.rate(rating);
    expect(refused).toMatchObject({ error: { temporary: true } });
    expect(sent("rate")).toEqual([]);
    await greet({ v: VERSION, ...inC(3) });
    void world.session.rate(rating);
    expect(sent("rate")[0]).toMatchObject(rating);
  });

  it("opens a conversation for the first message and sends it there", async () => {
    await greet();
    world.session.write("hello");
    await settle();
    expect(sent("send")).toEqual([]);
    await answer("open", { conversation: "c", seq: 1 });
    expect(sent("send")[0]).toMatchObject({ conversation: "c", text: "hello", client_id: "id-1" });
    await answer("send", { conversation: "c", seq: 2, client_id: "id-1" });
    expect(state().outbox[0]?.state).toBe("sent");
    world.wire
      .last()
      .say({ t: "facts", conversation: "c", facts: [opened(), fromVera(2, "hello", "id-1")] });
    expect(state().outbox).toEqual([]);
    expect(state().thread).toHaveLength(2);
  });

  it("writes into a new conversation when the old one ended too long ago", async () => {
    await greet(inC(1));
    world.session.write("hello again");
    await settle();
    await refuse("send", { code: "conversation_ended" });
    await answer("open", { conversation: "d", seq: 1 });
    const [first, second] = sent("send");
    expect(second).toMatchObject({ conversation: "d", text: "hello again" });
    expect(second?.client_id).toBe(first?.client_id);
    expect(state().conversation).toBe("d");
  });

  it("quotes in the conversation that is meant, and in no other one", async () => {
    await greet(inC(2));
    world.session.write("this one", [], { conversation: "c", seq: 2 });
    await settle();
    expect(sent("send")[0]).toMatchObject({ conversation: "c", quote: 2 });
    await refuse("send", { code: "conversation_ended" });
    await answer("open", { conversation: "d", seq: 1 });
    expect(sent("send")[1]).toMatchObject({ conversation: "d", text: "this one" });
    expect(sent("send")[1]).not.toHaveProperty("quote");
  });

  it("sends the words alone when what they answer is gone", async () => {
    await greet(inC(2));
    world.session.write("this one", [], { conversation: "c", seq: 2 });
    await settle();
    await refuse("send", { code: "quote_gone" });
    expect(sent("send")[1]).toMatchObject({ client_id: "id-1", text: "this one" });
    expect(sent("send")[1]).not.toHaveProperty("quote");
    await answer("send", { conversation: "c", seq: 3, client_id: "id-1" });
    expect(state().outbox[0]?.state).toBe("sent");
  });

  it("resumes where it was after a lost connection and sends what was not acknowledged", async () => {
    await greet(inC(1));
    world.wire.last().say({ t: "facts", conversation: "c", facts: [opened()] });
    world.session.write("hello");
    await settle();
    world.wire.last().drop();
    await world.clock.pass(10);
    await greet(inC(1));
    expect(sent("hello")[0]).toMatchObject({ resume: { conversation: "c", epoch: "e1", seq: 1 } });
    await world.clock.pass(1_100);
    expect(sent("send")[0]).toMatchObject({ text: "hello", client_id: "id-1" });
  });

  it("joins a conversation that another tab of the same visitor began", async () => {
    await greet();
    const other = new BroadcastChannel(`chat:vera-${visitors}`);
    other.postMessage({ kind: "began", conversation: "c" });
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(sent("open")).toHaveLength(1);
    world.wire.last().say({ t: "facts", conversation: "c", facts: [opened(), fromVera(2, "hi")] });
    expect(state()).toMatchObject({ conversation: "c" });
    other.close();
  });

  it("gives up a connection that does not answer a message within 10 s", async () => {
    await greet(inC(1));
    world.session.write("hello");
    await world.clock.pass(10_010);
    expect(world.wire.lines).toHaveLength(2);
    expect(world.wire.lines[0]?.hungUp).toBe(true);
  });

  it("asks once for what a hole hides", async () => {
    await greet(inC(1));
    world.wire.last().say(opened());
    world.wire.last().say(fromAnn(3, "later"));
    await settle();
    expect(sent("history")).toHaveLength(1);
    expect(sent("history")[0]).toMatchObject({ after: 1 });
    await answer("history", { conversation: "c", facts: [fromAnn(2, "a"), fromAnn(3, "later")] });
    expect(state().thread).toHaveLength(3);
    expect(hasHole(state())).toBe(false);
  });

  it("starts over when the hole stays", async () => {
    await greet(inC(1));
    world.wire.last().say(opened());
    world.wire.last().say(fromAnn(3, "later"));
    await settle();
    await answer("history", { conversation: "c", facts: [] });
    await world.clock.pass(10);
    expect(world.wire.lines).toHaveLength(2);
  });

  it("notices by a ping that facts are missing", async () => {
    await greet(inC(1));
    world.wire.last().say(opened());
    world.wire.last().say({ t: "ping", head: 4 });
    expect(sent("pong")[0]).toMatchObject({ seen: 1 });
    await world.clock.pass(2_100);
    expect(sent("history")[0]).toMatchObject({ after: 1 });
  });

  it("sends own messages again that the server has lost after it acknowledged them", async () => {
    await greet(inC(3));
    const facts = [opened(), fromVera(2, "kept"), fromVera(3, "lost", "vera-3")];
    world.wire.last().say({ t: "facts", conversation: "c", facts });
    world.wire.last().drop();
    await world.clock.pass(10);
    await greet(inC(2));
    await world.clock.pass(10);
    expect(sent("send")).toHaveLength(1);
    expect(sent("send")[0]).toMatchObject({ client_id: "vera-3", text: "lost" });
    expect(state().thread).toEqual([]);
  });

  it("asks for facts that a pong knows of and nobody sent", async () => {
    await greet(inC(1));
    world.wire.last().say(opened());
    world.session.nudge();
    expect(sent("ping")).toHaveLength(1);
    world.wire.last().say({ t: "pong", head: 3 });
    await world.clock.pass(2_100);
    expect(sent("history")[0]).toMatchObject({ after: 1 });
  });

  it("swaps its token before it runs out", async () => {
    await greet({ token: "t1" });
    world.wire.last().say({ t: "expiring", in: 60 });
    await settle();
    await answer("refresh", { token: "t2" });
    expect(world.tokens).toEqual(["t1", "t2"]);
  });

  it("loads earlier pages, one at a time, until the beginning", async () => {
    await greet(inC(4));
    world.wire
      .last()
      .say({ t: "facts", conversation: "c", facts: [fromAnn(3, "b"), fromAnn(4, "c")] });
    world.session.earlier();
    world.session.earlier();
    expect(sent("history")).toHaveLength(1);
    await answer("history", { conversation: "c", facts: [opened(), fromVera(2, "a")] });
    world.session.earlier();
    expect(sent("history")).toHaveLength(1);
    expect(state().thread).toHaveLength(4);
  });

  it("ends the chat at what it has seen", async () => {
    await greet(inC(1));
    world.wire.last().say(opened());
    world.session.end();
    await settle();
    expect(sent("close")[0]).toMatchObject({ conversation: "c", expect_seq: 1 });
  });

  it("reports pages of a single-page site, and the newest one after a reconnect", async () => {
    await greet();
    world.session.moved({ url: "https://shop.example/cups", title: "Cups" });
    expect(sent("page")[0]).toMatchObject({ url: "https://shop.example/cups", title: "Cups" });
    world.wire.last().drop();
    await world.clock.pass(10);
    await greet();
    expect(sent("hello")[0]).toMatchObject({ page: { url: "https://shop.example/cups" } });
  });
});
