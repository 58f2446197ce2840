import { describe, expect, it } from "vitest";
import type { Fact, ServerFrame } from "../wire";
import { applyFrame, applyIntent, initialState, type State } from "./state";

const NOW = 1_000_000;
const at = "2026-01-01T00:00:00Z";

function play(...frames: ServerFrame[]): State {
  const opened = applyIntent(initialState("ann"), { do: "open", conversation: "c" });
  return frames.reduce((state, frame) => applyFrame(state, frame, NOW), opened);
}

const first: Fact = {
  t: "fact",
  conversation: "c",
  seq: 1,
  kind: "message.sent",
  from: { kind: "visitor" },
  at,
};
const typing: ServerFrame = {
  t: "signal",
  conversation: "c",
  from: { kind: "visitor", name: "Vera" },
  on: true,
};

const welcome: Extract<ServerFrame, { t: "welcome" }> = {
  t: "welcome",
  v: 1,
  session: "s",
  you: { id: "ann", name: "Ann", role: "agent" },
  epoch: "e",
  now: at,
  ping: 25,
  limits: { text_chars: 1, frame_bytes: 1, history: 1, files: 1, file_bytes: 1, file_types: [] },
  position: 0,
  status: "online",
};

describe("state", () => {
  it("shows a typist until a message comes or six seconds pass", () => {
    const state = play({ t: "facts", conversation: "c", facts: [first] }, typing);
    expect(state.typing.c?.name).toBe("Vera");
    expect(applyFrame(state, { ...first, seq: 2 }, NOW).typing.c).toBeUndefined();
    expect(applyIntent(state, { do: "tick", now: NOW + 5999 }).typing.c).toBeDefined();
    expect(applyIntent(state, { do: "tick", now: NOW + 6001 }).typing.c).toBeUndefined();
  });

  it.each(["unknown", "conversation.snoozed"])("counts what is %s to it, and goes on", (kind) => {
    const newer = { ...first, seq: 2, kind: kind as Fact["kind"] };
    const state = play({ t: "facts", conversation: "c", facts: [first] }, newer, {
      ...first,
      seq: 3,
    });
    expect(state.threads.c?.facts.map((fact) => fact.seq)).toEqual([1, 2, 3]);
    expect(state.threads.c?.gap).toBeFalsy();
  });

  it("knows from the welcome and from news whether the server can store", () => {
    const told: ServerFrame = { t: "state", kind: "storage", storage: "full" };
    expect(play(told).storage).toBe("full");
    expect(play(told, { ...told, storage: "ok" }).storage).toBe("ok");
    expect(play(told, welcome).storage).toBe("ok");
    expect(play({ ...welcome, storage: "locked" }).storage).toBe("locked");
  });

  it("knows whether the server's nodes hear each other", () => {
    const told: ServerFrame = { t: "state", kind: "bus", bus: "degraded" };
    expect(play(told).bus).toBe("degraded");
    expect(play(told, { ...told, bus: "ok" }).bus).toBe("ok");
    expect(play(told, welcome).bus).toBe("ok");
    expect(play({ ...welcome, bus: "degraded" }).bus).toBe("degraded");
  });

  it("drops everything but the list of open threads when the server says reset", () => {
    const state = play(
      { t: "inbox", position: 4, rows: [{ conversation: "c", revision: 4 }] },
      { t: "facts", conversation: "c", facts: [first] },
      { t: "reset", epoch: "new" },
    );
    expect(state.inbox.ready).toBe(false);
    expect(state.epoch).toBe("new");
    expect(state.threads.c?.facts).toEqual([]);
    expect(state.threads.c?.loading).toBe("first");
  });

  it("resets one thread and leaves the rest", () => {
    const state = play(
      { t: "inbox", position: 4, rows: [{ conversation: "c", revision: 4 }] },
      { t: "facts", conversation: "c", facts: [first] },
      { t: "reset", epoch: "e", conversation: "c" },
    );
    expect(state.inbox.ready).toBe(true);
    expect(state.threads.c?.facts).toEqual([]);
  });

  it("takes my own status from another tab", () => {
    const state = play({
      t: "state",
      kind: "agent",
      agent: { id: "ann", name: "Ann" },
      status: "away",
    });
    expect(state.status).toBe("away");
  });

  it("forgets a chat that is gone once its thread is left", () => {
    const gone = play(
      { t: "inbox", position: 4, rows: [{ conversation: "c", revision: 4, phase: "active" }] },
      { t: "inbox", position: 5, rows: [{ conversation: "c", revision: 5, gone: true }] },
    );
    expect(gone.inbox.rows.c?.gone).toBe(true);
    expect(applyIntent(gone, { do: "leave", conversation: "c" }).inbox.rows.c).toBeUndefined();
  });

  it("ignores a frame of a kind it does not know", () => {
    const state = initialState("ann");
    expect(applyFrame(state, { t: "fanfare" } as unknown as ServerFrame, NOW)).toBe(state);
  });

  it("ignores news of a kind it does not know", () => {
    const state = play(welcome);
    const news = { t: "state", kind: "weather" } as unknown as ServerFrame;
    expect(applyFrame(state, news, NOW)).toBe(state);
  });

  it("shows the API's people, but believes the socket about who is here", () => {
    const state = play({
      t: "state",
      kind: "agent",
      agent: { id: "ben", name: "Ben" },
      status: "away",
    });
    const list = [
      { id: "ben", name: "Ben", status: "online" as const },
      { id: "cy", name: "Cy", status: "online" as const },
    ];
    const { people } = applyIntent(state, { do: "colleagues", list });
    expect(people.ben?.status).toBe("away");
    expect(people.cy?.status).toBe("online");
  });
});

it("a message ends the typing of who wrote it, and of nobody else", () => {
  const signal = { t: "signal", conversation: "c", from: { kind: "visitor" }, on: true } as const;
  const typing = applyFrame(initialState("ann"), { ...signal, draft: "I would" }, 0);
  expect(typing.typing.c?.draft).toBe("I would");
  const message = { t: "fact", conversation: "c", seq: 1, kind: "message.sent", at: "" } as const;
  const ours = applyFrame(typing, { ...message, from: { kind: "agent", id: "ann" } }, 0);
  expect(ours.typing.c?.draft).toBe("I would");
  expect(applyFrame(typing, { ...message, from: { kind: "visitor" } }, 0).typing.c).toBeUndefined();
});

it("knows that the session is about to end, until it is put off", () => {
  const ending = applyFrame(initialState("ann"), { t: "expiring", in: 60 }, 1_000);
  expect(ending.endsAt).toBe(61_000);
  expect(applyFrame(ending, { t: "expiring", in: 43_200 }, 2_000).endsAt).toBeNull();
});
