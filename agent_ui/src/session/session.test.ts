import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createSession } from "./session";
import { createStore } from "./store";

/** The network: a socket whose other end is this test. */
class Socket {
  static last: Socket;
  readonly sent: Record<string, unknown>[] = [];
  readyState = 1;
  onopen = () => {};
  onclose = (_event: { code: number }) => {};
  onmessage = (_event: { data: string }) => {};

  constructor() {
    Socket.last = this;
  }

  addEventListener(kind: "open" | "close" | "message", listener: () => void): void {
    this[`on${kind}`] = listener;
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(): void {}

  say(...frames: object[]): void {
    for (const frame of frames) this.onmessage({ data: JSON.stringify(frame) });
  }
}

const at = "2026-11-22T12:00:00.000Z";
const limits = { text_chars: 4000, frame_bytes: 65536, history: 100 };
const welcome = {
  t: "welcome",
  v: 2,
  session: "s",
  you: { id: "ann", name: "Ann", role: "agent" },
  epoch: "e1",
  now: at,
  ping: 25,
  limits,
  position: 9,
  status: "online",
};

function fact(seq: number) {
  const from = { kind: "visitor", id: "vera" };
  return { t: "fact", conversation: "c", seq, kind: "message.sent", from, at, text: "hi" };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", Socket);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function connected() {
  const store = createStore("ann", Date.now);
  const ticket = async () => "ticket";
  const session = createSession({
    store,
    socket: "wss://chat.test/",
    csrf: "x",
    me: "ann",
    ticket,
  });
  session.start();
  await vi.advanceTimersByTimeAsync(0);
  Socket.last.onopen();
  Socket.last.say(welcome);
  return session;
}

async function cutAndBack(epoch = "e1"): Promise<void> {
  Socket.last.onclose({ code: 1006 });
  await vi.advanceTimersByTimeAsync(1000);
  Socket.last.onopen();
  Socket.last.say({ ...welcome, epoch });
  await vi.advanceTimersByTimeAsync(0);
}

function asked(): Record<string, unknown>[] {
  return Socket.last.sent.filter((frame) => frame.t === "thread");
}

it("asks for its open threads where the hello could not resume the inbox", async () => {
  const session = await connected();
  session.open("c");
  Socket.last.say({ t: "facts", conversation: "c", facts: [fact(1), fact(2)] });
  await cutAndBack();
  expect(Socket.last.sent[0]).not.toHaveProperty("resume");
  expect(asked()).toMatchObject([{ conversation: "c", seq: 2 }]);
});

it("leaves them to the hello where it could", async () => {
  const session = await connected();
  session.open("c");
  Socket.last.say(
    { t: "inbox", position: 9, rows: [] },
    { t: "facts", conversation: "c", facts: [fact(1), fact(2)] },
  );
  await cutAndBack();
  expect(Socket.last.sent[0]).toMatchObject({ resume: { position: 9 }, threads: { c: 2 } });
  expect(asked()).toEqual([]);
});

it("asks for its open threads when everything begins anew: over polls nobody else follows them", async () => {
  const session = await connected();
  session.open("c");
  Socket.last.say({ t: "facts", conversation: "c", facts: [fact(1), fact(2)] });
  Socket.last.say({ t: "reset", epoch: "e1" });
  expect(asked()).toMatchObject([{ conversation: "c" }, { conversation: "c" }]);
  expect(asked()[1]).not.toHaveProperty("seq");
});

it("keeps nothing of a database that is gone", async () => {
  const session = await connected();
  session.open("c");
  Socket.last.say({ t: "facts", conversation: "c", facts: [fact(1), fact(2)] });
  await cutAndBack("e2");
  expect(session.store.get().threads.c?.facts).toEqual([]);
  expect(asked()).toMatchObject([{ conversation: "c" }]);
  expect(asked()[0]).not.toHaveProperty("seq");
});
