import { beforeEach, describe, expect, it } from "vitest";
import { createConnection, type Link, type Prepared } from "../src/wire";
import { type FakeClock, fakeClock, settle } from "./support/clock";
import { type FakeWire, fakeWire } from "./support/wire";

const welcome = { t: "welcome", v: 2 };

interface World {
  clock: FakeClock;
  wire: FakeWire;
  refusals: number[];
  links: Link[];
  prepared: Prepared;
  random: number;
  hidden: boolean;
}

let world: World;

beforeEach(() => {
  world = {
    clock: fakeClock(),
    wire: fakeWire(),
    refusals: [],
    links: [],
    prepared: "ready",
    random: 1,
    hidden: false,
  };
});

function connect() {
  return createConnection({
    dial: world.wire.dial,
    hello: () => ({ t: "hello" }),
    pong: () => ({ t: "pong", seen: 7 }),
    credentials: async (refusals) => {
      world.refusals.push(refusals);
      return world.prepared;
    },
    onFrame: () => {},
    onLink: (link) => world.links.push(link),
    hidden: () => world.hidden,
    clock: world.clock,
    random: () => world.random,
  });
}

async function live(greeting: object = welcome) {
  const connection = connect();
  connection.start();
  await settle();
  world.wire.last().open();
  world.wire.last().say(greeting);
  return connection;
}

describe("a connection", () => {
  it("never sends half a character, which no server could read", async () => {
    const connection = await live();
    const text = "cut \ud83d, whole \ud83d\ude00, turned \ude00\ud83d, as text \\ud83d";
    const frame: { t: string } = { t: "send", ...{ text } };
    connection.send(frame);
    const whole = "cut \ufffd, whole \ud83d\ude00, turned \ufffd\ufffd, as text \\ud83d";
    expect(world.wire.last().sent.at(-1)).toEqual({ t: "send", text: whole });
  });

  it("says hello first and is live after the welcome", async () => {
    const connection = connect();
    connection.start();
    await settle();
    world.wire.last().open();
    expect(world.wire.last().sent).toEqual([{ t: "hello" }]);
    expect(connection.send({ t: "x" })).toBe(false);
    world.wire.last().say(welcome);
    expect(connection.link().stage).toBe("live");
    expect(connection.send({ t: "x" })).toBe(true);
  });

  it("answers a ping with what it has seen", async () => {
    await live();
    world.wire.last().say({ t: "ping", head: 7 });
    expect(world.wire.last().sent.at(-1)).toEqual({ t: "pong", seen: 7 });
  });

  it("hangs up after 35 s of silence and comes back", async () => {
    await live();
    await world.clock.pass(34_000);
    world.wire.last().say({ t: "ping" });
    await world.clock.pass(34_000);
    expect(world.wire.lines).toHaveLength(1);
    await world.clock.pass(2_000);
    expect(world.wire.lines[0]?.hungUp).toBe(true);
    expect(world.wire.lines).toHaveLength(2);
  });

  it("gives up on a welcome that does not come within 10 s", async () => {
    connect().start();
    await settle();
    world.wire.last().open();
    await world.clock.pass(10_600);
    expect(world.wire.lines).toHaveLength(2);
  });

  it("waits longer with each failure, at most 5 s in the first minute and 20 s later", async () => {
    const connection = connect();
    connection.start();
    await settle();
    const waits: number[] = [];
    for (let i = 0; i < 20; i += 1) {
      const before = world.wire.lines.length;
      const start = world.clock.now();
      world.wire.last().drop();
      while (world.wire.lines.length === before) await world.clock.pass(100);
      waits.push(world.clock.now() - start);
    }
    expect(waits.slice(0, 5)).toEqual([500, 1000, 2000, 4000, 5000]);
    expect(waits.at(-1)).toBe(20_000);
  });

  it("spreads its tries by full jitter", async () => {
    world.random = 0.5;
    connect().start();
    await settle();
    world.wire.last().drop();
    await world.clock.pass(260);
    expect(world.wire.lines).toHaveLength(2);
  });

  it("backs off from a server that welcomes and closes at once", async () => {
    await live();
    for (const wait of [600, 1100, 2100]) {
      const before = world.wire.lines.length;
      world.wire.last().drop(4003);
      await world.clock.pass(wait);
      expect(world.wire.lines).toHaveLength(before + 1);
      world.wire.last().open();
      world.wire.last().say(welcome);
    }
  });

  it.each([1006, 1001, 1011, 1012, 1013, 4001, 4003, 4008, 4012, 4013, 4014])(
    "comes back after close code %i",
    async (code) => {
      await live();
      world.wire.last().drop(code);
      await world.clock.pass(600);
      expect(world.wire.lines).toHaveLength(2);
    },
  );

  it.each([1009, 4500, 4503, 4505, 4506, 4507, 4508, 4509])(
    "stops for good after close code %i",
    async (code) => {
      const connection = await live();
      world.wire.last().drop(code);
      await world.clock.pass(120_000);
      expect(world.wire.lines).toHaveLength(1);
      expect(connection.link()).toMatchObject({ stage: "stopped", code });
    },
  );

  it.each([4002, 4501])(
    "asks for new credentials after %i and stops at the third",
    async (code) => {
      const connection = connect();
      connection.start();
      await settle();
      for (let i = 0; i < 3; i += 1) {
        world.wire.last().open();
        world.wire.last().drop(code);
        await world.clock.pass(6_000);
      }
      expect(world.refusals).toEqual([0, 1, 2]);
      expect(connection.link()).toMatchObject({ stage: "stopped", code });
    },
  );

  it("tries again later when credentials cannot be had, and stops when signed out", async () => {
    world.prepared = "later";
    const connection = connect();
    connection.start();
    await settle();
    expect(connection.link().stage).toBe("waiting");
    world.prepared = "stop";
    await world.clock.pass(600);
    expect(connection.link()).toMatchObject({ stage: "stopped", code: 4507 });
  });

  it("comes back after exactly the delay that a draining server asked for", async () => {
    await live();
    world.wire.last().say({ t: "drain", reconnect_in_ms: 9_000 });
    world.wire.last().drop(4001);
    await world.clock.pass(8_900);
    expect(world.wire.lines).toHaveLength(1);
    await world.clock.pass(200);
    expect(world.wire.lines).toHaveLength(2);
  });

  it("does not sit out a wait when the network comes back", async () => {
    const connection = await live();
    world.wire.last().drop();
    connection.nudge();
    await settle();
    expect(world.wire.lines).toHaveLength(2);
  });

  it("pings a live peer on a nudge and gives it 5 s", async () => {
    const connection = await live();
    connection.nudge();
    expect(world.wire.last().sent.at(-1)).toEqual({ t: "ping" });
    await world.clock.pass(5_600);
    expect(world.wire.lines).toHaveLength(2);
  });

  it("keeps a peer that answers its ping", async () => {
    const connection = await live();
    connection.nudge();
    await world.clock.pass(4_900);
    world.wire.last().say({ t: "pong", head: 7 });
    await world.clock.pass(20_000);
    expect(world.wire.lines).toHaveLength(1);
  });

  it("sends no ping to a server that does not know it, and believes the connection", async () => {
    const connection = await live({ t: "welcome", v: 1 });
    connection.nudge();
    expect(world.wire.last().sent.map((frame) => frame.t)).toEqual(["hello"]);
    await world.clock.pass(20_000);
    expect(world.wire.lines).toHaveLength(1);
  });

  it("returns after having yielded to another tab only when it is looked at again", async () => {
    const connection = await live();
    world.wire.last().drop(4505);
    await world.clock.pass(60_000);
    expect(world.wire.lines).toHaveLength(1);
    connection.nudge();
    await settle();
    expect(world.wire.lines).toHaveLength(2);
  });

  it("waits up to a minute while nobody looks", async () => {
    const connection = await live();
    world.hidden = true;
    for (let i = 0; i < 12; i += 1) {
      world.wire.last().drop();
      const before = world.wire.lines.length;
      while (world.wire.lines.length === before) await world.clock.pass(1000);
    }
    world.wire.last().drop();
    await world.clock.pass(59_000);
    expect(connection.link().stage).toBe("waiting");
  });

  it("ignores what is not a frame", async () => {
    const connection = connect();
    connection.start();
    await settle();
    world.wire.last().open();
    world.wire.last().say([] as unknown as object);
    expect(connection.link().stage).toBe("greeting");
  });

  it("hangs up and stays away when stopped", async () => {
    const connection = await live();
    connection.stop();
    await world.clock.pass(60_000);
    expect(world.wire.last().hungUp).toBe(true);
    expect(world.wire.lines).toHaveLength(1);
  });
});
