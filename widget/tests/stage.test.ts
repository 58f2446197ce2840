import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Boot } from "../src/boot";
import { act } from "../src/stage/act";
import type { Stage, Told } from "../src/stage/around";
import type { Fact, FormAsk, VisitorServerMessage, VisitorWelcome } from "../src/wire";

const FORM: FormAsk = { fields: [{ key: "email", kind: "email", label: "" }] };
const boot = {
  site: { name: "Teahouse" },
  looks: { team: [{ name: "Ann", photo: "" }] },
  limits: { text_chars: 4000 },
} as unknown as Boot;

let told: Told;
let changed: ((told: Told) => void)[];
let heard: VisitorServerMessage[];
let send: (frame: object) => Promise<void>;

async function enter(scene: Told["scene"], part: Partial<Told> = {}): Promise<void> {
  told = { boot, scene, before: null, offline: null, greeting: null, ...part };
  const stage: Stage = {
    get told() {
      return told;
    },
    watch: (listener) => changed.push(listener),
  };
  const events = { opened: vi.fn(), alive: vi.fn(), closed: vi.fn() };
  const wire = act(stage)({ ...events, message: (text) => heard.push(JSON.parse(text)) }, vi.fn());
  send = async (frame) => {
    wire.send(JSON.stringify(frame));
    await Promise.resolve();
  };
  await send({ t: "hello", v: 5 });
}

function change(part: Partial<Told>): void {
  told = { ...told, ...part };
  for (const listener of changed) listener(told);
}

const facts = () => heard.filter((frame): frame is Fact => frame.t === "fact");
const welcomes = () => heard.filter((frame): frame is VisitorWelcome => frame.t === "welcome");

beforeEach(() => {
  heard = [];
  changed = [];
});

describe("the player of the server", () => {
  it("asks what a stranger is asked, and again when that is being changed", async () => {
    await enter("open", { before: FORM });
    expect(welcomes()[0]).toMatchObject({ v: 5, availability: "online", before: FORM });
    change({ before: null, offline: FORM });
    expect(welcomes()[1]?.before).toBeUndefined();
    expect(welcomes()[1]?.offline).toEqual(FORM);
  });

  it("does not begin anew under a chat that goes on", async () => {
    await enter("open");
    await send({ t: "open", id: 1, client_id: "a" });
    change({ before: FORM });
    expect(welcomes()).toHaveLength(1);
  });

  it("is away where the form for that is to be seen", async () => {
    const site = { ...boot.site, next_opening: "2026-03-09T08:00:00Z" };
    await enter("offline", { offline: FORM, boot: { ...boot, site } });
    expect(welcomes()[0]).toMatchObject({
      availability: "offline",
      next_opening: site.next_opening,
    });
    expect(welcomes()).toHaveLength(1);
  });

  it("has a chat that ended where there is something to rate, and takes the rating", async () => {
    await enter("rating");
    expect(facts().map(({ kind }) => kind)).toEqual([
      "conversation.opened",
      "message.sent",
      "message.sent",
      "conversation.closed",
    ]);
    expect(facts()[2]?.from.name).toBe("Ann");
    await send({ t: "rate", id: 7, conversation: "stage", client_id: "r", score: 4, comment: "!" });
    expect(facts().at(-1)).toMatchObject({ kind: "csat.rated", rating: { score: 4 }, text: "!" });
    expect(heard.at(-1)).toMatchObject({ t: "reply", id: 7, ok: { client_id: "r", seq: 5 } });
  });

  it("opens a chat with the greeting that led to it", async () => {
    await enter("greeting", { greeting: { id: "g", text: "Need help?" } });
    await send({ t: "open", id: 1, client_id: "a", greeting: "g" });
    expect(facts()[0]).toMatchObject({ kind: "conversation.opened", text: "Need help?" });
  });
});
