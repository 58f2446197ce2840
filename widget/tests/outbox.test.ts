import { beforeEach, describe, expect, it } from "vitest";
import {
  createOutbox,
  memoryShelf,
  type Outcome,
  type Outgoing,
  openTabs,
  type Shelf,
  type Tabs,
} from "../src/wire";
import { type FakeClock, fakeClock, settle } from "./support/clock";
import { nothingUploaded } from "./support/files";

interface World {
  clock: FakeClock;
  shelf: Shelf;
  shown: Outgoing[];
  /** What went out, oldest first, with the way to answer it. */
  sent: { message: Outgoing; answer(outcome: Outcome): Promise<void> }[];
  ids: number;
}

let world: World;

beforeEach(() => {
  world = { clock: fakeClock(), shelf: memoryShelf(), shown: [], sent: [], ids: 0 };
});

function open(tab = "a", tabs: Tabs = openTabs("test.", tab, undefined)) {
  return createOutbox({
    deliver: (message) =>
      new Promise((resolve) => {
        world.sent.push({
          message,
          answer: (outcome) => {
            resolve(outcome);
            return settle();
          },
        });
      }),
    upload: nothingUploaded,
    onChange: (messages) => {
      world.shown = messages;
    },
    shelf: world.shelf,
    tabs,
    newId: () => {
      world.ids += 1;
      return `id-${world.ids}`;
    },
    clock: world.clock,
  });
}

function say(outbox: ReturnType<typeof open>, text: string, lane = "one") {
  return outbox.add({ lane, text });
}

const stored = (seq: number): Outcome => ({ ok: { conversation: "c", seq } });
const broken = (code: string, temporary: boolean, retry_after?: number): Outcome => ({
  error: { code, message: "", temporary, retry_after },
});
const texts = () => world.sent.map((s) => s.message.text);
const states = () => world.shown.map((m) => m.state);

describe("an outbox", () => {
  it("remembers that a message could not be sent until it is", async () => {
    const outbox = open();
    outbox.online(true);
    say(outbox, "first");
    await settle();
    await world.sent[0]?.answer(broken("unavailable", true, 2));
    expect(world.shown[0]).toMatchObject({ state: "waiting", held: 1 });
    await world.clock.pass(2000);
    expect(world.shown[0]).toMatchObject({ state: "sending", held: 1 });
    await world.sent[1]?.answer(stored(1));
    expect(states()).toEqual(["sent"]);
  });

  it("keeps messages while offline and sends them in order, one at a time", async () => {
    const outbox = open();
    say(outbox, "first");
    say(outbox, "second");
    await settle();
    expect(texts()).toEqual([]);
    outbox.online(true);
    await settle();
    expect(texts()).toEqual(["first"]);
    await world.sent[0]?.answer(stored(1));
    expect(texts()).toEqual(["first", "second"]);
  });

  it("lets lanes go side by side", async () => {
    const outbox = open();
    outbox.online(true);
    say(outbox, "to one", "one");
    say(outbox, "to two", "two");
    await settle();
    expect(texts()).toEqual(["to one", "to two"]);
  });

  it("shows a message as sent only after the reply, and drops it when its fact arrives", async () => {
    const outbox = open();
    outbox.online(true);
    say(outbox, "hello");
    await settle();
    expect(states()).toEqual(["sending"]);
    await world.sent[0]?.answer(stored(4));
    expect(world.shown[0]).toMatchObject({ state: "sent", seq: 4 });
    outbox.settled("id-1");
    expect(world.shown).toEqual([]);
  });

  it("sends the same message under the same id after a lost connection", async () => {
    const outbox = open();
    outbox.online(true);
    say(outbox, "hello");
    await settle();
    outbox.online(false);
    await world.sent[0]?.answer(broken("disconnected", true));
    outbox.online(true);
    await world.clock.pass(0);
    expect(world.sent.map((s) => s.message.client_id)).toEqual(["id-1", "id-1"]);
  });

  it("waits as long as a temporary error asks and keeps the id", async () => {
    const outbox = open();
    outbox.online(true);
    say(outbox, "hello");
    await settle();
    await world.sent[0]?.answer(broken("rate_limited", true, 3));
    await world.clock.pass(2_900);
    expect(world.sent).toHaveLength(1);
    await world.clock.pass(200);
    expect(world.sent[1]?.message.client_id).toBe("id-1");
  });

  it("marks a permanent error as failed and lets the next one pass", async () => {
    const outbox = open();
    outbox.online(true);
    say(outbox, "bad");
    say(outbox, "good");
    await settle();
    await world.sent[0]?.answer(broken("bad_text", false));
    expect(world.shown[0]).toMatchObject({ state: "failed", code: "bad_text" });
    expect(texts()).toEqual(["bad", "good"]);
  });

  it("retries a failed message under a new id, after the others", async () => {
    const outbox = open();
    outbox.online(true);
    say(outbox, "bad");
    await settle();
    await world.sent[0]?.answer(broken("bad_text", false));
    outbox.retry("id-1");
    await settle();
    expect(world.sent[1]?.message).toMatchObject({ text: "bad", client_id: "id-2" });
    expect(world.shown).toHaveLength(1);
  });

  it("forgets a message that was deleted", async () => {
    const outbox = open();
    say(outbox, "hello");
    outbox.remove("id-1");
    outbox.online(true);
    await settle();
    expect(world.sent).toEqual([]);
    expect(world.shelf.names()).toEqual([]);
  });

  it("survives a reload: the next page adopts what the last one left", async () => {
    const before = open("before");
    before.online(true);
    say(before, "in flight");
    say(before, "waiting");
    await settle();
    world.sent = [];
    const after = open("after");
    after.online(true);
    await settle();
    expect(world.sent[0]?.message).toMatchObject({ text: "in flight", client_id: "id-1" });
    expect(world.shelf.names()).toEqual(["outbox.after"]);
  });

  it("leaves the messages of a tab that still lives alone", async () => {
    say(open("other"), "theirs");
    const tabs: Tabs = { ...openTabs("test.", "mine", undefined), ifGone: async () => {} };
    open("mine", tabs).online(true);
    await settle();
    expect(world.sent).toEqual([]);
  });

  it("waits its turn among tabs", async () => {
    let go = () => {};
    const turn = new Promise<void>((resolve) => {
      go = resolve;
    });
    const tabs: Tabs = {
      ...openTabs("test.", "mine", undefined),
      exclusively: async (_, work) => turn.then(work),
    };
    const outbox = open("mine", tabs);
    outbox.online(true);
    say(outbox, "hello");
    await settle();
    expect(world.sent).toEqual([]);
    go();
    await settle();
    expect(texts()).toEqual(["hello"]);
  });

  it("passes over stored text that is not ours", async () => {
    world.shelf.set("outbox.gone", "{broken");
    world.shelf.set("outbox.odd", '[{"text": 5}]');
    open().online(true);
    await settle();
    expect(world.shown).toEqual([]);
  });

  it("keeps acknowledged messages out of storage", async () => {
    const outbox = open();
    outbox.online(true);
    say(outbox, "hello");
    await settle();
    await world.sent[0]?.answer(stored(1));
    expect(world.shelf.names()).toEqual([]);
  });
});
