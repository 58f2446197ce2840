import { signal } from "@preact/signals";
import { beforeEach, expect, it } from "vitest";
import type { Credentials } from "../src/credentials";
import { createSession, type Session } from "../src/session";
import { memoryShelf, openTabs, type Shelf } from "../src/wire";
import { type FakeClock, fakeClock, settle } from "./support/clock";
import { fromAnn, fromVera, opened, welcome } from "./support/facts";
import { nothingUploaded } from "./support/files";
import { type FakeWire, fakeWire } from "./support/wire";

let wire: FakeWire;
let clock: FakeClock;
let session: Session;
let shelf: Shelf;
let known: [boolean, string | undefined][];
let stored: string | null;
let visitors = 0;

beforeEach(async () => {
  visitors += 1;
  clock = fakeClock();
  wire = fakeWire();
  shelf = memoryShelf();
  known = [];
  stored = null;
  const token = signal<string | null>(null);
  const credentials: Credentials = {
    ticket: () => "ticket",
    token,
    latest: () => {
      token.value = stored;
      return stored;
    },
    keep: (next) => {
      stored = token.value = next;
    },
    prepare: async () => {
      token.value = stored;
      return "ready";
    },
  };
  session = createSession({
    site: "KEY",
    locale: "en",
    textChars: 4000,
    page: null,
    credentials,
    shelf,
    tabs: openTabs("", "tab", undefined),
    dial: wire.dial,
    upload: nothingUploaded,
    clock,
    random: () => 0,
    newId: () => "id",
    hidden: () => false,
    onKnown: (verified, code) => known.push([verified, code]),
  });
});

async function start(): Promise<void> {
  session.start();
  await settle();
  wire.last().open();
}

async function greet(part: Parameters<typeof welcome>[0] = {}): Promise<void> {
  wire.last().say(welcome({ you: { id: `vera-${visitors}` }, ...part }));
  await settle();
}

const sent = (t: string) => wire.lines.flatMap((line) => line.sent.filter((f) => f.t === t));
const texts = () => session.store.state.value.thread.map((fact) => fact.text);

it("names the visitor in the first hello when the page was quick", async () => {
  session.identify("jwt-1");
  await start();
  expect(sent("hello")[0]).toMatchObject({ identity: "jwt-1" });
  await greet({ you: { id: "vera", verified: true }, token: "t1" });
  expect(known).toEqual([[true, undefined]]);
});

it("comes again to name the visitor when the page was slow, and once only", async () => {
  await start();
  await greet({ token: "t1" });
  expect(sent("hello")[0]?.identity).toBeUndefined();
  session.identify("jwt-1");
  session.identify("jwt-1");
  await settle();
  wire.last().open();
  expect(wire.lines).toHaveLength(2);
  expect(sent("hello")[1]).toMatchObject({ identity: "jwt-1", token: "t1" });
  await greet({ you: { id: "vera", verified: true }, token: "t2" });
  wire.last().drop();
  await clock.pass(1_000);
  wire.last().open();
  expect(sent("hello")[2]).toMatchObject({ token: "t2" });
  expect(sent("hello")[2]?.identity).toBeUndefined();
});

it("says why the site was not believed, and does not insist", async () => {
  session.identify("jwt-1");
  await start();
  await greet({ identity: { code: "identity_expired", message: "" } });
  expect(known).toEqual([[false, "identity_expired"]]);
  wire.last().drop();
  await clock.pass(1_000);
  wire.last().open();
  expect(sent("hello")[1]?.identity).toBeUndefined();
});

it("insists when the server could not store who it is", async () => {
  session.identify("jwt-1");
  await start();
  await greet({ identity: { code: "unavailable", message: "", temporary: true } });
  wire.last().drop();
  await clock.pass(1_000);
  wire.last().open();
  expect(sent("hello")[1]).toMatchObject({ identity: "jwt-1" });
});

it("tells what the page says as soon as there is somebody to tell", async () => {
  session.describe({ name: "Vera", plan: "gold", email: 7 });
  session.describe({ cart: 3, plan: null });
  await start();
  expect(sent("describe")).toEqual([]);
  await greet();
  expect(sent("describe")).toEqual([
    { t: "describe", id: 1, name: "Vera", attributes: { plan: null, cart: 3 } },
  ]);
});

it("tells it again when the answer was lost, under what was said later", async () => {
  await start();
  await greet();
  session.describe({ plan: "gold", cart: 1 });
  wire.last().drop();
  await settle();
  session.describe({ cart: 2 });
  await clock.pass(1_000);
  wire.last().open();
  await greet();
  expect(sent("describe").at(-1)).toMatchObject({ attributes: { plan: "gold", cart: 2 } });
});

it("leaves nothing of a customer who did not log out to the next one", async () => {
  session.identify("jwt-1");
  await start();
  await greet({
    you: { id: "vera", verified: true },
    token: "t1",
    conversation: { id: "c", seq: 2, phase: "queued" },
  });
  wire.last().say({ t: "facts", conversation: "c", facts: [opened(1), fromVera(2, "Secret")] });
  shelf.set("draft", "half a secret");
  session.write("not sent yet");
  await settle();
  expect(texts()).toContain("Secret");
  session.identify("jwt-2");
  await settle();
  wire.last().open();
  await greet({ you: { id: "vic", verified: true }, token: "t2" });
  const { thread, past, outbox } = session.store.state.value;
  expect([thread, past, outbox]).toEqual([[], [], []]);
  expect(shelf.get("draft")).toBeNull();
  expect(sent("send")).toHaveLength(1);
});

it("keeps what an anonymous visitor saw when they turn out to be a customer", async () => {
  await start();
  const conversation = { id: "c", seq: 2, phase: "queued" } as const;
  await greet({ token: "t1", conversation });
  wire.last().say({ t: "facts", conversation: "c", facts: [opened(1), fromAnn(2, "Hello")] });
  session.identify("jwt-1");
  await settle();
  wire.last().open();
  await greet({ you: { id: "known", verified: true }, token: "t2", conversation });
  expect(texts()).toContain("Hello");
});

it("takes the token that another tab has got instead of a stranger's", async () => {
  stored = "old";
  await start();
  stored = "customer's"; // another tab was identified while our hello was on its way
  await greet({ you: { id: "stranger" }, token: "stranger's" });
  await settle();
  wire.last().open();
  expect(sent("hello")[1]).toMatchObject({ token: "customer's" });
  expect(stored).toBe("customer's");
});
