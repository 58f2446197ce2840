import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Wire, WireEvents } from "../src/wire";
import { polling } from "../src/wire/poll";
import { type FakeClock, fakeClock, settle } from "./support/clock";

interface Asked {
  hello: { t: string; resume?: object };
  frames: { t: string; id?: number }[];
  hold: boolean;
  signal: AbortSignal;
  headers: Record<string, string>;
  answer(body: object, status?: number): Promise<void>;
  fail(): Promise<void>;
}

let clock: FakeClock;
let asked: Asked[];
let heard: { t: string }[];
let closed: number[];
let opened: number;
let alive: number;
let hidden: boolean;
let conversation: string | undefined;
let introduction: string | number | null;

beforeEach(() => {
  clock = fakeClock();
  asked = [];
  heard = [];
  closed = [];
  opened = 0;
  alive = 0;
  hidden = false;
  conversation = undefined;
  introduction = null;
  vi.stubGlobal("fetch", (_: string, { body, signal, headers }: RequestInit) => {
    return new Promise((resolve, reject) => {
      signal?.addEventListener("abort", () => reject(new Error("aborted")));
      asked.push({
        ...(JSON.parse(body as string) as Asked),
        signal: signal as AbortSignal,
        headers: headers as Record<string, string>,
        answer: (answer, status = 200) => {
          resolve(new Response(JSON.stringify(answer), { status }));
          return longer();
        },
        fail: () => {
          reject(new TypeError("no network"));
          return longer();
        },
      });
    });
  });
});

afterEach(() => vi.unstubAllGlobals());

/** Reading a Response takes real turns of the loop. */
async function longer(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 5));
  await settle();
}

const hello = () => JSON.stringify({ t: "hello", resume: conversation && { conversation } });
const welcome = { t: "welcome", epoch: "e", you: { id: "vera" }, limits: {} };

function dial(): Wire {
  const events: WireEvents = {
    opened: () => {
      opened += 1;
    },
    message: (text) => heard.push(JSON.parse(text)),
    alive: () => {
      alive += 1;
    },
    closed: (code) => closed.push(code),
  };
  const dialled = polling({
    url: () => "/poll/visitor",
    headers: { "X-CSRF-Token": "csrf" },
    hidden: () => hidden,
    clock,
  });
  return dialled(events, async () => introduction ?? hello());
}

/** A line that was welcomed and holds its first poll. */
async function live(): Promise<Wire> {
  const wire = dial();
  await settle();
  wire.send(hello());
  await asked[0]?.answer({ frames: [welcome] });
  return wire;
}

const holds = () => asked.filter((one) => one.hold);
const types = () => heard.map((frame) => frame.t);

describe("a line of polls", () => {
  it("opens by itself, greets once without holding, then holds", async () => {
    await live();
    expect(opened).toBe(1);
    expect(asked.map(({ hello, frames, hold }) => [hello.t, frames, hold])).toEqual([
      ["hello", [], false],
      ["hello", [], true],
    ]);
    expect(asked[0]?.headers["X-CSRF-Token"]).toBe("csrf");
    expect(types()).toEqual(["welcome"]);
  });

  it("hands on what an answer brings, but a welcome only when there is news in it", async () => {
    await live();
    await holds()[0]?.answer({ frames: [welcome, { t: "fact", seq: 1 }] });
    await clock.pass(300);
    await holds()[1]?.answer({ frames: [{ ...welcome, token: "new" }] });
    expect(types()).toEqual(["welcome", "fact", "welcome"]);
    await clock.pass(300);
    await holds()[2]?.answer({ frames: [{ ...welcome, next_opening: "2026-03-09T08:00:00Z" }] });
    expect(types()).toHaveLength(4);
    expect(alive).toBe(4);
  });

  it("takes a breath between two holds, so that news in a burst travel together", async () => {
    await live();
    await holds()[0]?.answer({ frames: [welcome] });
    await clock.pass(199);
    expect(holds()).toHaveLength(1);
    await clock.pass(1);
    expect(holds()).toHaveLength(2);
  });

  it("sends beside the hold, one request at a time and in order", async () => {
    const wire = await live();
    for (const id of [1, 2, 3]) wire.send(JSON.stringify({ t: "send", id }));
    await settle();
    const sends = () => asked.filter((one) => one.frames.length > 0);
    expect(sends().map((one) => one.frames.map((frame) => frame.id))).toEqual([[1, 2, 3]]);
    wire.send(JSON.stringify({ t: "send", id: 4 }));
    await settle();
    expect(sends()).toHaveLength(1);
    await sends()[0]?.answer({ frames: [welcome, { t: "reply", id: 1 }] });
    expect(sends()[1]?.frames.map((frame) => frame.id)).toEqual([4]);
    expect(holds()[0]?.signal.aborted).toBe(false);
  });

  it("answers no pings: whoever asks all the time is alive", async () => {
    const wire = await live();
    wire.send('{"t":"pong","seen":1}');
    await settle();
    expect(asked.filter((one) => one.frames.length > 0)).toEqual([]);
  });

  it("lets go of a hold that listens to too little", async () => {
    const wire = await live();
    wire.send(JSON.stringify({ t: "open", id: 1 }));
    await settle();
    conversation = "c";
    await asked.at(-1)?.answer({ frames: [welcome, { t: "reply", id: 1 }] });
    expect(holds()[0]?.signal.aborted).toBe(true);
    await clock.pass(300);
    expect(holds()[1]?.hello.resume).toEqual({ conversation: "c" });
    expect(closed).toEqual([]);
  });

  it("does not hold while nobody looks, and asks at once when somebody does again", async () => {
    hidden = true;
    await live();
    await clock.pass(24_000);
    expect(asked).toHaveLength(1);
    await clock.pass(2_000);
    expect(asked.map((one) => one.hold)).toEqual([false, false]);
    await asked[1]?.answer({ frames: [welcome] });
    hidden = false;
    await clock.pass(1_500);
    expect(asked.at(-1)?.hold).toBe(true);
  });

  it("hands on no rows that follow on others which are gone since everything began anew", async () => {
    const wire = await live();
    wire.send(JSON.stringify({ t: "thread", id: 1 }));
    await settle();
    const fresh = { t: "reset", epoch: "e" };
    await holds()[0]?.answer({ frames: [welcome, fresh, { t: "inbox", position: 47 }] });
    await asked[2]?.answer({
      frames: [welcome, fresh, { t: "reply", id: 1 }, { t: "inbox", position: 90 }],
    });
    expect(types()).toEqual(["welcome", "reset", "inbox", "reply"]);
    await clock.pass(300);
    await holds()[1]?.answer({ frames: [welcome, { t: "inbox", position: 91 }] });
    expect(types().at(-1)).toBe("inbox");
  });

  it("hands on rows although one conversation began anew", async () => {
    const wire = await live();
    wire.send(JSON.stringify({ t: "thread", id: 1 }));
    await settle();
    await holds()[0]?.answer({ frames: [{ t: "reset", epoch: "e", conversation: "c" }] });
    await asked[2]?.answer({ frames: [welcome, { t: "inbox", position: 90 }] });
    expect(types()).toEqual(["welcome", "reset", "inbox"]);
  });

  it.each([4001, 4002, 4501, 4507])("ends with the code %i that an answer names", async (code) => {
    await live();
    await holds()[0]?.answer({ frames: [{ t: "drain", reconnect_in_ms: 5 }], close: { code } });
    expect(closed).toEqual([code]);
    expect(types()).toEqual(["welcome", "drain"]);
    await clock.pass(60_000);
    expect(asked).toHaveLength(2);
  });

  it("goes on when a newer hold of its own tab took over", async () => {
    await live();
    await holds()[0]?.answer({ frames: [welcome], close: { code: 1000 } });
    await clock.pass(300);
    expect(closed).toEqual([]);
    expect(holds()).toHaveLength(2);
  });

  it.each([
    [413, 1009],
    [429, 1013],
    [500, 1013],
    [503, 1013],
    [403, 1006],
    [404, 1006],
  ])("says by a code what the answer %i means", async (status, code) => {
    await live();
    await holds()[0]?.answer({}, status);
    expect(closed).toEqual([code]);
  });

  it("is lost when the network is, once", async () => {
    const wire = await live();
    wire.send(JSON.stringify({ t: "send", id: 1 }));
    await settle();
    await asked.at(-1)?.fail();
    expect(closed).toEqual([1006]);
    expect(holds()[0]?.signal.aborted).toBe(true);
  });

  it("ends with the code of credentials that cannot be had any more", async () => {
    await live();
    introduction = 4507;
    await holds()[0]?.answer({ frames: [welcome] });
    await clock.pass(300);
    expect(closed).toEqual([4507]);
  });

  it("says nothing after it was closed, and asks nothing", async () => {
    const wire = await live();
    wire.close();
    await clock.pass(60_000);
    expect([closed, holds()[0]?.signal.aborted, asked.length]).toEqual([[], true, 2]);
  });
});
