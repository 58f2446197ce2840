import { describe, expect, it } from "vitest";
import { createRequests } from "../src/wire";
import { fakeClock } from "./support/clock";

function open(live = true) {
  const clock = fakeClock();
  const sent: { id: number }[] = [];
  let silences = 0;
  const requests = createRequests<{ id: number }>({
    send: (frame) => {
      if (live) sent.push(frame);
      return live;
    },
    onSilence: () => {
      silences += 1;
    },
    clock,
  });
  return { clock, sent, requests, silences: () => silences };
}

describe("requests", () => {
  it("bring each answer to its question", async () => {
    const { requests, sent } = open();
    const first = requests.ask((id) => ({ id }));
    const second = requests.ask((id) => ({ id }));
    requests.answered({ t: "reply", id: sent[1]?.id ?? 0, ok: { seq: 2 } });
    requests.answered({ t: "reply", id: sent[0]?.id ?? 0, error: { code: "no", message: "" } });
    expect(await second).toEqual({ ok: { seq: 2 } });
    expect(await first).toMatchObject({ error: { code: "no" } });
  });

  it("report a server that does not answer within 10 s", async () => {
    const { requests, clock, silences } = open();
    const asked = requests.ask((id) => ({ id }));
    await clock.pass(10_000);
    expect(await asked).toMatchObject({ error: { code: "unanswered", temporary: true } });
    expect(silences()).toBe(1);
  });

  it("end with the connection", async () => {
    const { requests } = open();
    const asked = requests.ask((id) => ({ id }));
    requests.disconnected();
    expect(await asked).toMatchObject({ error: { code: "disconnected", temporary: true } });
  });

  it("fail at once without a connection", async () => {
    const { requests } = open(false);
    expect(await requests.ask((id) => ({ id }))).toMatchObject({ error: { code: "disconnected" } });
  });

  it("never leave more than ten waiting", async () => {
    const { requests, sent } = open();
    const asked = Array.from({ length: 11 }, () => requests.ask((id) => ({ id })));
    expect(sent).toHaveLength(10);
    expect(await asked[10]).toMatchObject({ error: { code: "busy", temporary: true } });
  });
});
