// Replays the simulator's traces to the real session: what is proved of the client in tests/prove is proved of this one.

import { signal } from "@preact/signals";
import { describe, expect, it } from "vitest";
import type { Credentials } from "../src/credentials";
import type { Session } from "../src/session";
import { type FakeClock, fakeClock, settle } from "./support/clock";
import { sessionOn } from "./support/session";
import { type FakeWire, fakeWire } from "./support/wire";

interface Frame {
  t: string;
  id?: unknown;
  [field: string]: unknown;
}

interface Expected {
  sent?: Frame[];
  shown?: number[];
  outbox?: [string, string][];
  stage?: string;
  conversation?: string;
}

interface Step {
  start?: true;
  open?: true;
  say?: Frame;
  drop?: number;
  write?: string;
  seen?: true;
  earlier?: true;
  end?: true;
  nudge?: true;
  pass?: number;
  expect?: Expected;
}

interface Stage {
  clock: FakeClock;
  wire: FakeWire;
  session: Session;
  /** How many of all sent frames an `expect` has looked at. */
  looked: number;
}

const traces = import.meta.glob<Step[]>("../../tests/prove/traces/*.json", {
  eager: true,
  import: "default",
});

const credentials: Credentials = {
  ticket: () => "ticket",
  token: signal<string | null>(null),
  latest: () => null,
  keep: () => {},
  prepare: async () => "ready",
};

function stage(): Stage {
  const clock = fakeClock();
  const wire = fakeWire();
  const session = sessionOn(wire, { credentials, clock, random: () => 0.5 });
  return { clock, wire, session, looked: 0 };
}

function allSent({ wire }: Stage): Frame[] {
  return wire.lines.flatMap((line) => line.sent);
}

/** A reply to the last frame of the kind in `to`. */
function answer(on: Stage, { to, ...frame }: Frame): Frame {
  if (frame.id !== "last") return frame as Frame;
  const asked = allSent(on).findLast((sent) => sent.t === to);
  return { ...frame, id: asked?.id } as Frame;
}

async function play(on: Stage, step: Step): Promise<void> {
  const { session, wire, clock } = on;
  if (step.start) session.start();
  if (step.open) wire.last().open();
  if (step.say) wire.last().say(answer(on, step.say));
  if (step.drop !== undefined) wire.last().drop(step.drop);
  if (step.write !== undefined) session.write(step.write);
  if (step.seen) session.seen();
  if (step.earlier) session.earlier();
  if (step.end) session.end();
  if (step.nudge) session.nudge();
  if (step.pass !== undefined) await clock.pass(step.pass);
  await settle();
}

function look(on: Stage, expected: Expected): Expected {
  const state = on.session.store.state.value;
  const found: Required<Expected> = {
    sent: allSent(on).slice(on.looked),
    shown: state.thread.map((fact) => fact.seq),
    outbox: state.outbox.map((message) => [message.client_id, message.state]),
    stage: state.stage,
    conversation: state.conversation ?? "",
  };
  if (expected.sent) on.looked = allSent(on).length;
  const names = Object.keys(expected) as (keyof Expected)[];
  return Object.fromEntries(names.map((name) => [name, found[name]]));
}

describe("the real session obeys the simulator's traces", () => {
  it.each(Object.entries(traces))("%s", async (_name, steps) => {
    const on = stage();
    for (const step of steps)
      if (step.expect) expect(look(on, step.expect)).toEqual(step.expect);
      else await play(on, step);
  });

  it("finds them", () => expect(Object.keys(traces).length).toBeGreaterThanOrEqual(10));
});
