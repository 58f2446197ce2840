import { beforeEach, describe, expect, it } from "vitest";
import { memoryShelf, type WireEvents, withFallback } from "../src/wire";
import { knocking } from "../src/wire/polls";
import { type FakeClock, fakeClock, settle } from "./support/clock";
import { type FakeWire, fakeWire } from "./support/wire";

let clock: FakeClock;
let socket: FakeWire;
let poll: FakeWire;
let closed: number[];
const welcome = { t: "welcome" };

beforeEach(() => {
  clock = fakeClock();
  socket = fakeWire();
  poll = fakeWire();
  closed = [];
});

function dialler(memory = memoryShelf()) {
  const dial = withFallback({
    socket: socket.dial,
    poll: (forget) => knocking({ poll: poll.dial, socket: socket.dial, forget, clock }),
    memory,
  });
  const events: WireEvents = {
    opened: () => {},
    message: () => {},
    alive: () => {},
    closed: (code) => void closed.push(code),
  };
  return () => dial(events, async () => "{}");
}

/** Two sockets that never were welcomed. */
function blocked(dial: () => unknown): void {
  for (let i = 0; i < 2; i += 1) {
    dial();
    socket.last().drop();
  }
}

describe("the fallback", () => {
  it("polls after two sockets that never were welcomed", () => {
    const dial = dialler();
    dial();
    socket.last().drop();
    dial();
    expect(poll.lines).toHaveLength(0);
    socket.last().drop();
    dial();
    expect(poll.lines).toHaveLength(1);
  });

  it("counts a socket that opens and stays silent", () => {
    const dial = dialler();
    for (let i = 0; i < 2; i += 1) {
      const wire = dial();
      socket.last().open();
      wire.close();
    }
    dial();
    expect(poll.lines).toHaveLength(1);
  });

  it("never polls where a socket worked once, also after a reload", () => {
    const memory = memoryShelf();
    const dial = dialler(memory);
    dial();
    socket.last().say(welcome);
    socket.last().drop();
    blocked(dial);
    blocked(dialler(memory));
    dialler(memory)();
    dial();
    expect(poll.lines).toHaveLength(0);
  });

  it.each([4001, 1011, 1012, 1013])("starts the count anew after %i", (code) => {
    const dial = dialler();
    dial();
    socket.last().drop();
    dial();
    socket.last().drop(code);
    dial();
    socket.last().drop();
    dial();
    expect(poll.lines).toHaveLength(0);
  });

  it("goes back to sockets when polls fail too", () => {
    const dial = dialler();
    blocked(dial);
    dial();
    poll.last().drop(1013);
    dial();
    expect([socket.lines.length, poll.lines.length]).toEqual([3, 1]);
    expect(closed.at(-1)).toBe(1013);
  });

  it.each([4001, 1012, 1013])("tries sockets first when polls end with %i", (code) => {
    const dial = dialler();
    blocked(dial);
    dial();
    poll.last().say(welcome);
    poll.last().drop(code);
    dial();
    expect(socket.lines).toHaveLength(3);
  });

  it("keeps polling when only the network was away", () => {
    const dial = dialler();
    blocked(dial);
    dial();
    poll.last().say(welcome);
    poll.last().drop();
    dial();
    expect(poll.lines).toHaveLength(2);
  });

  it("knocks every five minutes, and changes over when a socket opens", async () => {
    const dial = dialler();
    blocked(dial);
    dial();
    poll.last().say(welcome);
    await clock.pass(299_000);
    expect(socket.lines).toHaveLength(2);
    await clock.pass(1_000);
    socket.last().drop();
    expect([poll.last().hungUp, closed.length]).toEqual([false, 2]);
    await clock.pass(300_000);
    socket.last().open();
    expect([poll.last().hungUp, closed.at(-1)]).toEqual([true, 4003]);
    dial();
    await settle();
    expect(socket.lines).toHaveLength(5);
  });
});
