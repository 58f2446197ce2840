import { expect, it, vi } from "vitest";
import type { Dial, WireEvents } from "../src/wire";
import { loadedLate } from "../src/wire/transports";
import { settle } from "./support/clock";
import { fakeWire } from "./support/wire";

const heard = () => ({ opened: vi.fn(), message: vi.fn(), alive: vi.fn(), closed: vi.fn() });
const again = async () => 1006;

function dial(load: () => Promise<Dial>, events: WireEvents) {
  return loadedLate(load)(events, again);
}

it("a transport whose code comes late is the transport itself from then on", async () => {
  const wire = fakeWire();
  const events = heard();
  const line = dial(async () => wire.dial, events);
  await settle();
  wire.last().open();
  expect(events.opened).toHaveBeenCalledOnce();
  line.send('{"t":"hello"}');
  expect(wire.last().sent).toEqual([{ t: "hello" }]);
  line.close();
  expect(wire.last().hungUp).toBe(true);
});

it("it is a lost connection when its code does not come", async () => {
  const events = heard();
  dial(() => Promise.reject(new Error("offline")), events);
  await settle();
  expect(events.closed).toHaveBeenCalledExactlyOnceWith(1006);
});

it("it does not dial when it was hung up before", async () => {
  const wire = fakeWire();
  dial(async () => wire.dial, heard()).close();
  const events = heard();
  dial(() => Promise.reject(new Error("offline")), events).close();
  await settle();
  expect(wire.lines).toEqual([]);
  expect(events.closed).not.toHaveBeenCalled();
});
