import { beforeEach, describe, expect, it } from "vitest";
import type { Boot, Ticket } from "../src/boot";
import { createCredentials } from "../src/credentials";
import { memoryShelf, type Shelf } from "../src/wire";
import { type FakeClock, fakeClock } from "./support/clock";

let clock: FakeClock;
let shelf: Shelf;
let answers: (Ticket | null)[];

beforeEach(() => {
  clock = fakeClock();
  shelf = { ...memoryShelf(), durable: true, remembers: () => true };
  answers = [];
});

function credentials(handle: string | null = null) {
  return createCredentials({
    boot: { ticket: "first", ticket_seconds: 300 } as Boot,
    fetchTicket: async () => {
      const next = answers.shift();
      if (next === undefined) throw new Error("offline");
      return next;
    },
    shelf,
    clock,
    handle,
  });
}

describe("the credentials", () => {
  it("use the page's own ticket while it is fresh", async () => {
    const own = credentials();
    expect(await own.prepare(0)).toBe("ready");
    expect(own.ticket()).toBe("first");
  });

  it("ask for another ticket when the page has been open for hours", async () => {
    const own = credentials();
    await clock.pass(3 * 3_600_000);
    answers.push({ ticket: "second", ticket_seconds: 300 });
    expect(await own.prepare(0)).toBe("ready");
    expect(own.ticket()).toBe("second");
    await clock.pass(60_000);
    expect(await own.prepare(0)).toBe("ready");
    expect(own.ticket()).toBe("second");
  });

  it("ask for another ticket when the last was refused, and keep the visitor's token", async () => {
    const own = credentials();
    own.keep("token");
    for (const refusals of [1, 2]) {
      answers.push({ ticket: `fresh-${refusals}`, ticket_seconds: 300 });
      expect(await own.prepare(refusals)).toBe("ready");
      expect([own.ticket(), own.token.value]).toEqual([`fresh-${refusals}`, "token"]);
    }
  });

  it("take over the token that another tab has renewed", async () => {
    const own = credentials();
    own.keep("old");
    shelf.set("token", "new");
    await own.prepare(0);
    expect(own.token.value).toBe("new");
  });

  it("come from the page's handle only where the browser forgets", () => {
    expect(credentials("handle").token.value).toBeNull();
    shelf = { ...shelf, remembers: () => false };
    expect(credentials("handle").token.value).toBe("handle");
    shelf.set("token", "own");
    expect(credentials("handle").token.value).toBe("own");
  });

  it("give up where the site is gone, and fail while there is no network", async () => {
    const own = credentials();
    answers.push(null);
    expect(await own.prepare(1)).toBe("stop");
    await expect(own.prepare(1)).rejects.toThrow();
  });
});
