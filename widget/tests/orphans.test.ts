// What a closed tab has left goes out from another one, also where polls bring no ping.

import { signal } from "@preact/signals";
import { expect, it } from "vitest";
import { createSession } from "../src/session";
import { memoryShelf, openTabs } from "../src/wire";
import { fakeClock, settle } from "./support/clock";
import { fakeWire } from "./support/wire";

const limits = { text_chars: 4000, frame_bytes: 16384, history: 100 };
const welcome = {
  t: "welcome",
  v: 2,
  session: "s",
  you: { id: "vera" },
  epoch: "e1",
  now: "2026-11-22T12:00:00.000Z",
  ping: 25,
  limits,
  availability: "online",
  conversation: { id: "c", seq: 0, phase: "queued" },
};

it("adopts it with the next answer of the server", async () => {
  const wire = fakeWire();
  const shelf = memoryShelf();
  const session = createSession({
    site: "KEY",
    locale: "en",
    textChars: 4000,
    page: { url: "https://shop.example/" },
    credentials: {
      ticket: () => "ticket",
      token: signal<string | null>(null),
      latest: () => null,
      keep: () => {},
      prepare: async () => "ready",
    },
    shelf,
    tabs: openTabs("", "tab", undefined),
    dial: wire.dial,
    upload: async () => ({ error: { code: "unused", message: "", temporary: false } }),
    clock: fakeClock(),
    random: () => 0.5,
    newId: () => "id",
    hidden: () => false,
  });
  session.start();
  await settle();
  wire.last().open();
  wire.last().say(welcome);
  await settle();
  const left = { client_id: "m1", lane: "visitor", text: "left", at: 1, state: "waiting" };
  shelf.set("outbox.gone", JSON.stringify([left]));
  wire.last().answer();
  await settle();
  expect(wire.last().sent).toContainEqual(
    expect.objectContaining({ t: "send", client_id: "m1", text: "left" }),
  );
});
