import { describe, expect, it } from "vitest";
import { type MessageRow, type Row, rowsOf } from "../src/rows";
import type { Fact, Outgoing } from "../src/wire";
import { annJoined, closedBy, fact, fromAnn, fromVera, opened } from "./support/facts";

const outgoing = (part: Partial<Outgoing> = {}): Outgoing => ({
  client_id: "new",
  lane: "",
  text: "under way",
  at: Date.UTC(2026, 10, 22, 12, 1),
  state: "waiting",
  ...part,
});

function rows(thread: Fact[], outbox: Outgoing[] = [], agentRead = 0, isCut = false): Row[] {
  return rowsOf({ past: [], thread, outbox, agentRead }, isCut);
}

const messages = (list: Row[]) => list.filter((row): row is MessageRow => row.kind === "message");

describe("rows", () => {
  it("say whom one is talking to when the chat changes hands, and not when the same one stays", () => {
    const bob = fact(4, "conversation.assigned", { agent: { id: "bob", name: "Bob" } });
    const thread = [opened(), annJoined(2), annJoined(3), bob];
    const events = rows(thread).flatMap((row) =>
      row.kind === "event" ? [[row.text, row.name]] : [],
    );
    expect(events).toEqual([
      ["joined", "Ann"],
      ["joined", "Ann"],
      ["handed", "Bob"],
    ]);
  });

  it.each(["unknown", "conversation.snoozed"])("show nothing of what is %s to us", (kind) => {
    const newer = fact(2, kind as Fact["kind"], { text: "?", from: { kind: "agent" } });
    const list = rows([fromAnn(1, "a"), newer, fromAnn(3, "b")]);
    expect(list.map((row) => row.kind)).toEqual(["day", "message", "message"]);
    expect(messages(list).map((row) => [row.first, row.last])).toEqual([
      [true, false],
      [false, true],
    ]);
  });

  it("begin each day with its date", () => {
    const tomorrow = { ...fromAnn(3, "b"), at: "2026-11-24T12:00:00.000Z" };
    const kinds = rows([opened(), fromAnn(2, "a"), tomorrow]).map((row) => row.kind);
    expect(kinds).toEqual(["day", "message", "day", "message"]);
  });

  it("draw a run of one person together and part people, events and pauses", () => {
    const late = { ...fromAnn(5, "d"), at: "2026-11-22T12:30:00.000Z" };
    const list = messages(
      rows([fromAnn(1, "a"), fromAnn(2, "b"), fromVera(3, "c"), fromAnn(4, "x"), late]),
    );
    expect(list.map((row) => [row.first, row.last])).toEqual([
      [true, false],
      [false, true],
      [true, true],
      [true, true],
      [true, true],
    ]);
  });

  it("tell sent or read under the newest own message only", () => {
    const thread = [fromVera(1, "a"), fromVera(2, "b"), fromAnn(3, "c")];
    expect(messages(rows(thread)).map((row) => row.status)).toEqual([null, "sent", null]);
    expect(messages(rows(thread, [], 3)).map((row) => row.status)).toEqual([null, "read", null]);
  });

  it("show what is under way after what is stored, as sending", () => {
    const list = messages(rows([fromVera(1, "a")], [outgoing()]));
    expect(list.map((row) => row.status)).toEqual(["sent", "sending"]);
  });

  it("say that a message is not sent yet while it cannot go out, and when the server had no room", () => {
    const status = (part: Partial<Outgoing>, isCut: boolean) =>
      messages(rows([], [outgoing(part)], 0, isCut))[0]?.status;
    for (const state of ["waiting", "sending"] as const) {
      expect(status({ state }, false)).toBe("sending");
      expect(status({ state }, true)).toBe("waiting");
      expect(status({ state, held: 1 }, false)).toBe("waiting");
    }
    expect(status({ state: "failed", held: 1 }, true)).toBe("failed");
    expect(status({ state: "sent", held: 1 }, true)).toBe("sent");
  });

  it("show a message once while its fact and its outbox entry overlap", () => {
    const list = rows([fromVera(1, "hello", "new")], [outgoing({ state: "sent" })]);
    expect(messages(list)).toHaveLength(1);
  });

  it("keep the key of a message when its fact arrives, so that nothing jumps", () => {
    const before = messages(rows([], [outgoing()]))[0]?.key;
    expect(messages(rows([fromVera(1, "hello", "new")]))[0]?.key).toBe(before);
  });

  it("keep the reason of a failure at hand", () => {
    const [row] = messages(rows([], [outgoing({ state: "failed", code: "bad_text" })]));
    expect(row).toMatchObject({ status: "failed", code: "bad_text", clientId: "new" });
  });

  it("tell who joined, left and ended", () => {
    const thread = [
      opened(),
      annJoined(2),
      fact(3, "conversation.unassigned"),
      closedBy(4, "visitor"),
    ];
    const events = rows(thread).flatMap((row) =>
      row.kind === "event" ? [[row.text, row.name]] : [],
    );
    expect(events).toEqual([
      ["joined", "Ann"],
      ["left", "Ann"],
      ["ended.you", null],
    ]);
  });

  it("name the agent who ended the chat, and nobody when it ended by itself", () => {
    const end = (by: "agent" | "system") => rows([closedBy(1, by)]).at(-1);
    expect(end("agent")).toMatchObject({ text: "ended.agent", name: "Ann" });
    expect(end("system")).toMatchObject({ text: "ended", name: null });
  });

  it("say what a message answers, stored or still here, and admit what is not held", () => {
    const answer = { ...fromAnn(3, "the green one"), quote: 2 };
    const shown = rowsOf(
      {
        past: [],
        thread: [opened(), fromVera(2, "which tea?"), answer, { ...fromAnn(4, "yes"), quote: 0 }],
        outbox: [
          {
            client_id: "x",
            lane: "",
            text: "thanks",
            at: Date.parse(answer.at) + 2_000,
            state: "sending",
            quote: { conversation: "c", seq: 3 },
          },
        ],
        agentRead: 0,
      },
      false,
    );
    const quoted = shown.map((row) => (row.kind === "message" ? row.quoted : null)).filter(Boolean);
    expect(quoted).toEqual([
      {
        conversation: "c",
        seq: 2,
        said: { key: "vera-2", own: true, name: null, text: "which tea?" },
      },
      { conversation: "c", seq: 0, said: null },
      {
        conversation: "c",
        seq: 3,
        said: { key: "c:3", own: false, name: "Ann", text: "the green one" },
      },
    ]);
  });
});
