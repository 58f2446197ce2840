import { beforeEach, describe, expect, it } from "vitest";
import {
  createOutbox,
  idsOf,
  memoryShelf,
  type Outcome,
  type Outgoing,
  openTabs,
  type Shelf,
} from "../src/wire";
import { type FakeClock, fakeClock, settle } from "./support/clock";
import { type FakeDoor, fakeDoor, file, trouble } from "./support/files";

let clock: FakeClock;
let shelf: Shelf;
let door: FakeDoor;
let shown: Outgoing[];
let sent: { message: Outgoing; answer(outcome: Outcome): void }[];
let ids: number;

beforeEach(() => {
  clock = fakeClock();
  shelf = memoryShelf();
  door = fakeDoor();
  shown = [];
  sent = [];
  ids = 0;
});

function open(tab = "a") {
  const outbox = createOutbox({
    deliver: (message) => new Promise((answer) => sent.push({ message, answer })),
    upload: door.upload,
    onChange: (messages) => {
      shown = messages;
    },
    shelf,
    tabs: openTabs("test.", tab, undefined),
    newId: () => {
      ids += 1;
      return `id-${ids}`;
    },
    clock,
  });
  outbox.online(true);
  return outbox;
}

const stored = (seq: number): Outcome => ({ ok: { conversation: "c", seq } });
const there = (id: string) => ({ file: { id } });
const uploads = () => door.begun.map((one) => one.file.upload);

async function end(at: number, outcome: Parameters<FakeDoor["begun"][number]["end"]>[0]) {
  door.begun[at]?.end(outcome);
  await settle();
}

async function answer(at: number, outcome: Outcome) {
  sent[at]?.answer(outcome);
  await settle();
}

describe("an outbox with files", () => {
  it("brings the files to the server first, one after the other, and names them in the message", async () => {
    open().add({ lane: "one", text: "two papers", files: [file("k1"), file("k2")] });
    await settle();
    expect(uploads()).toEqual(["k1"]);
    await end(0, there("f1"));
    expect(uploads()).toEqual(["k1", "k2"]);
    expect(sent).toEqual([]);
    await end(1, there("f2"));
    expect(sent[0]?.message.text).toBe("two papers");
    expect(sent.map(({ message }) => idsOf(message))).toEqual([["f1", "f2"]]);
  });

  it("keeps the order: what was written later waits for the files of what was written before", async () => {
    const outbox = open();
    outbox.add({ lane: "one", text: "", files: [file("k1")] });
    outbox.add({ lane: "one", text: "and this" });
    outbox.add({ lane: "two", text: "elsewhere" });
    await settle();
    expect(sent.map(({ message }) => message.text)).toEqual(["elsewhere"]);
    await end(0, there("f1"));
    expect(sent.map(({ message }) => message.text)).toEqual(["elsewhere", ""]);
    await answer(1, stored(1));
    expect(sent.map(({ message }) => message.text)).toEqual(["elsewhere", "", "and this"]);
  });

  it("tells how much has left, and keeps only what is worth keeping", async () => {
    open().add({ lane: "one", text: "", files: [file("k1"), file("k2")] });
    await settle();
    const before = shelf.get("outbox.a");
    door.begun[0]?.told(0.4);
    expect(shown[0]?.files?.map(({ share }) => share)).toEqual([0.4, undefined]);
    expect(shelf.get("outbox.a")).toBe(before);
    await end(0, there("f1"));
    expect(shelf.get("outbox.a")).toContain('"id":"f1"');
  });

  it("tries again by itself under the same name, with longer pauses, and says that it is held up", async () => {
    open().add({ lane: "one", text: "", files: [file("k1")] });
    await settle();
    await end(0, trouble("disconnected", true));
    expect(shown[0]).toMatchObject({ state: "waiting", held: 1 });
    await clock.pass(1_000);
    expect(uploads()).toEqual(["k1", "k1"]);
    expect(shown[0]).toMatchObject({ held: 1 });
    await end(1, trouble("disconnected", true));
    await clock.pass(1_900);
    expect(uploads()).toHaveLength(2);
    await clock.pass(200);
    expect(uploads()).toEqual(["k1", "k1", "k1"]);
    door.begun[2]?.told(0.1);
    expect(shown[0]).toMatchObject({ held: 0 });
    await end(2, there("f1"));
    await answer(0, stored(1));
    expect(shown[0]).toMatchObject({ client_id: "id-1", state: "sent", seq: 1 });
  });

  it("waits as long as the server asks", async () => {
    open().add({ lane: "one", text: "", files: [file("k1")] });
    await settle();
    await end(0, trouble("storage_full", true, 30));
    await clock.pass(29_000);
    expect(uploads()).toHaveLength(1);
    await clock.pass(1_100);
    expect(uploads()).toHaveLength(2);
  });

  it("does not upload again what is there when only the message did not go through", async () => {
    const outbox = open();
    outbox.add({ lane: "one", text: "", files: [file("k1")] });
    await settle();
    outbox.online(false);
    await end(0, there("f1"));
    await answer(0, trouble("disconnected", true) as Outcome);
    expect(sent).toHaveLength(1);
    outbox.online(true);
    await settle();
    expect(uploads()).toEqual(["k1"]);
    expect(sent.map(({ message }) => message.client_id)).toEqual(["id-1", "id-1"]);
  });

  it("fails for good with the reason, and lets the next message pass", async () => {
    const outbox = open();
    outbox.add({ lane: "one", text: "", files: [file("k1"), file("k2")] });
    outbox.add({ lane: "one", text: "next" });
    await settle();
    await end(0, trouble("file_type", false));
    expect(shown[0]).toMatchObject({ state: "failed", code: "file_type" });
    expect(uploads()).toEqual(["k1"]);
    expect(sent.map(({ message }) => message.text)).toEqual(["next"]);
  });

  it("tries by hand with the files that are there, but uploads expired ones as new ones", async () => {
    const outbox = open();
    outbox.add({ lane: "one", text: "late", files: [file("k1")] });
    await settle();
    await end(0, there("f1"));
    await answer(0, trouble("bad_text", false) as Outcome);
    outbox.retry("id-1");
    await settle();
    expect(uploads()).toEqual(["k1"]);
    await answer(1, trouble("file_gone", false) as Outcome);
    outbox.retry("id-2");
    await settle();
    expect(uploads()).toEqual(["k1", "id-3"]);
    expect(door.begun[1]?.file).toMatchObject({ key: "k1", name: "k1.pdf" });
    await end(1, there("f2"));
    expect(sent.map(({ message }) => idsOf(message))).toEqual([["f1"], ["f1"], ["f2"]]);
    expect(shown).toHaveLength(1);
  });

  it("stops the upload of a message that is deleted, and goes on with the next", async () => {
    const outbox = open();
    outbox.add({ lane: "one", text: "", files: [file("k1")] });
    outbox.add({ lane: "one", text: "next" });
    await settle();
    outbox.remove("id-1");
    await settle();
    expect(door.begun[0]?.signal.aborted).toBe(true);
    expect(shown.map(({ text }) => text)).toEqual(["next"]);
    expect(sent.map(({ message }) => message.text)).toEqual(["next"]);
  });

  it("goes on after a reload with the files that are not there yet", async () => {
    open("before").add({ lane: "one", text: "", files: [file("k1"), file("k2")] });
    await settle();
    await end(0, there("f1"));
    door.begun[1]?.told(0.5);
    open("after");
    await settle();
    expect(uploads()).toEqual(["k1", "k2", "k2"]);
    await end(2, there("f2"));
    expect(idsOf(sent.at(-1)?.message as Outgoing)).toEqual(["f1", "f2"]);
    expect(sent.at(-1)?.message.client_id).toBe("id-1");
  });

  it("passes over what is no file of ours", async () => {
    const odd = { client_id: "x", lane: "one", text: "", at: 1, files: [{ key: 5 }] };
    shelf.set("outbox.odd", JSON.stringify([odd]));
    open();
    await settle();
    expect(shown).toEqual([]);
  });

  it("leaves nothing behind for the next person", async () => {
    const outbox = open();
    outbox.add({ lane: "one", text: "", files: [file("k1")] });
    await settle();
    outbox.clear();
    await settle();
    expect(door.begun[0]?.signal.aborted).toBe(true);
    expect(shelf.names()).toEqual([]);
  });
});
