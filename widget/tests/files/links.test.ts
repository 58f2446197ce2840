import { beforeEach, describe, expect, it } from "vitest";
import { createLinks, type Links, type TimedLink } from "../../src/files/links";
import { type FakeClock, fakeClock, settle } from "../support/clock";

// The server's clock has nothing to do with ours.
const SERVER = Date.parse("2026-11-22T12:00:00Z");

let clock: FakeClock;
let asked: string[][];
let fails: number;
let gone: string[];
let links: Links;

beforeEach(() => {
  clock = fakeClock(7_000_000);
  asked = [];
  fails = 0;
  gone = [];
  links = createLinks({
    clock,
    ask: async (ids) => {
      asked.push(ids);
      if (fails > 0) {
        fails -= 1;
        throw new Error("nobody there");
      }
      const now = SERVER + clock.now();
      const expires_at = new Date(now + 600_000).toISOString();
      const found = ids.filter((id) => !gone.includes(id));
      const entries = found.map((id): [string, TimedLink] => [
        id,
        { url: `/f/${id}?${asked.length}`, expires_at },
      ]);
      return { links: Object.fromEntries(entries), now };
    },
  });
});

async function get(id: string) {
  const link = links.get(id);
  await clock.pass(100);
  return link;
}

describe("addresses of files", () => {
  it("are asked for together, and once", async () => {
    const all = Promise.all(["a", "b", "a"].map(links.get));
    await clock.pass(100);
    expect((await all).map((link) => link?.url)).toEqual(["/f/a?1", "/f/b?1", "/f/a?1"]);
    await get("b");
    expect(asked).toEqual([["a", "b"]]);
  });

  it("come in portions that the server takes", async () => {
    for (let n = 0; n < 120; n += 1) void links.get(`f${n}`);
    await clock.pass(100);
    expect(asked.map((ids) => ids.length)).toEqual([50, 50, 20]);
  });

  it("are renewed before they end", async () => {
    await get("a");
    await clock.pass(560_000);
    expect((await get("a"))?.url).toBe("/f/a?1");
    await clock.pass(20_000);
    expect((await get("a"))?.url).toBe("/f/a?2");
  });

  it("are renewed when one did not work", async () => {
    await get("a");
    links.drop("a");
    expect((await get("a"))?.url).toBe("/f/a?2");
  });

  it("are none for what is not there, and asked for again later", async () => {
    gone = ["a"];
    expect(await get("a")).toBeNull();
    gone = [];
    expect(await get("a")).toBeNull();
    await clock.pass(10_000);
    expect((await get("a"))?.url).toBe("/f/a?2");
  });

  it("are tried some times when nobody answers", async () => {
    fails = 2;
    const link = links.get("a");
    await clock.pass(10_000);
    expect((await link)?.url).toBe("/f/a?3");
  });

  it("fail at last, and can be asked for again", async () => {
    fails = 4;
    const link = links.get("a").catch(() => "failed");
    await clock.pass(60_000);
    expect(await link).toBe("failed");
    expect((await get("a"))?.url).toBe("/f/a?5");
    await settle();
  });
});
