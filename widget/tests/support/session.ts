// A visitor's session on a line and a clock of its own, new for each test.

import { signal } from "@preact/signals";
import type { Credentials } from "../../src/credentials";
import { createSession, type Session, type SessionOptions } from "../../src/session";
import { memoryShelf, openTabs } from "../../src/wire";
import { type FakeClock, fakeClock, settle } from "./clock";
import { welcome } from "./facts";
import { nothingUploaded } from "./files";
import { type FakeWire, fakeWire } from "./wire";

interface World {
  clock: FakeClock;
  wire: FakeWire;
  session: Session;
  tokens: string[];
}

/** Of the test that runs. */
export let world: World;

/** Each test has its own visitor, or tabs of two tests would hear of each other. */
export let visitors = 0;

export function sessionOn(
  wire: FakeWire,
  own: Pick<SessionOptions, "credentials" | "clock" | "random">,
): Session {
  let ids = 0;
  return createSession({
    ...own,
    site: "KEY",
    locale: "en",
    textChars: 4000,
    page: { url: "https://shop.example/" },
    shelf: memoryShelf(),
    tabs: openTabs("", "tab", undefined),
    dial: wire.dial,
    upload: nothingUploaded,
    newId: () => {
      ids += 1;
      return `id-${ids}`;
    },
    hidden: () => false,
  });
}

export async function begin(): Promise<void> {
  visitors += 1;
  const clock = fakeClock();
  const wire = fakeWire();
  const tokens: string[] = [];
  const token = signal<string | null>(null);
  const credentials: Credentials = {
    ticket: () => "ticket",
    token,
    latest: () => token.value,
    keep: (next) => {
      tokens.push(next);
      token.value = next;
    },
    prepare: async () => "ready",
  };
  const session = sessionOn(wire, { credentials, clock, random: () => 0 });
  world = { clock, wire, session, tokens };
  session.start();
  await settle();
}

export async function greet(part: Parameters<typeof welcome>[0] = {}) {
  world.wire.last().open();
  world.wire.last().say(welcome({ you: { id: `vera-${visitors}` }, ...part }));
  await settle();
}

export const inC = (seq: number) => ({ conversation: { id: "c", seq, phase: "queued" as const } });
export const sent = (t: string) => world.wire.last().sent.filter((frame) => frame.t === t);
export const state = () => world.session.store.state.value;

export async function answer(t: string, ok: object, at = -1) {
  world.wire.last().say({ t: "reply", id: sent(t).at(at)?.id, ok });
  await settle();
}

export async function refuse(t: string, error: object) {
  world.wire.last().say({ t: "reply", id: sent(t).at(-1)?.id, error: { message: "", ...error } });
  await settle();
}
