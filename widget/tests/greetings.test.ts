import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Greeting, Kit, Rule } from "../src/greetings/kit";
import { openMemory } from "../src/greetings/memory";
import { type Facts, holds, isOn } from "../src/greetings/rules";
import { run } from "../src/greetings/run";

const facts: Facts = {
  url: "https://shop.example/cart?x=1#y",
  referrer: "https://search.example/?q=lamps",
  seconds: 10,
  scroll: 40,
  visits: 3,
  leaving: false,
  languages: ["zh-TW"],
  attributes: { plan: "pro", seats: 3 },
};

describe("a rule", () => {
  it.each<[Rule, boolean]>([
    [{}, true],
    [{ pages: ["/cart*"] }, true],
    [{ pages: ["/cart"] }, true],
    [{ pages: ["/help*", "https://shop.example/cart*"] }, true],
    [{ pages: ["/help*"] }, false],
    [{ seconds: 10 }, true],
    [{ seconds: 11 }, false],
    [{ scroll: 40 }, true],
    [{ scroll: 41 }, false],
    [{ visits: 3 }, true],
    [{ visits: 4 }, false],
    [{ returning: "returning" }, true],
    [{ returning: "new" }, false],
    [{ referrer: "SEARCH.example" }, true],
    [{ referrer: "news.example" }, false],
    [{ exit_intent: true }, false],
    [{ languages: ["de", "zh"] }, true],
    [{ languages: ["zh-CN"] }, false],
    [{ attributes: { plan: "pro", seats: "3" } }, true],
    [{ attributes: { plan: "free" } }, false],
    [{ attributes: { unknown: "x" } }, false],
    [{ seconds: 10, scroll: 41 }, false],
  ])("%j holds: %s", (rule, expected) => {
    expect(holds(rule, facts)).toBe(expected);
  });

  it("that asks for visits never holds where nothing may be kept", () => {
    const blind = { ...facts, visits: null };
    expect(holds({ visits: 1 }, blind)).toBe(false);
    expect(holds({ returning: "new" }, blind)).toBe(false);
    expect(holds({ seconds: 10 }, blind)).toBe(true);
  });

  it("is quick on an address that was made to be hard", () => {
    const hard = `https://shop.example/${"a".repeat(5000)}`;
    expect(isOn([`/${"a*".repeat(90)}b`], hard)).toBe(false);
  });
});

const DAY = 86_400_000;
const greeting: Greeting = { id: "g1", text: "Hello?", every_days: 7, rule: {} };

describe("what is remembered", () => {
  let now = 1_000 * DAY;
  let allowed = true;
  const open = () =>
    openMemory({
      name: "greetings",
      storage: () => localStorage,
      may: (deed) => allowed || deed,
      now: () => now,
    });

  beforeEach(() => {
    now = 1_000 * DAY;
    allowed = true;
    localStorage.clear();
  });

  it("keeps a greeting from the same visitor for so many days", () => {
    open().shown(greeting);
    now += 7 * DAY - 1;
    expect(open().mayShow(greeting)).toBe(false);
    now += 1;
    expect(open().mayShow(greeting)).toBe(true);
  });

  it("keeps one that is shown once away for ever", () => {
    open().shown({ ...greeting, every_days: 0 });
    now += 3000 * DAY;
    expect(open().mayShow({ ...greeting, every_days: 0 })).toBe(false);
  });

  it("leaves who dismissed one in peace from all of them", () => {
    const other = { ...greeting, id: "g2" };
    open().dismissed(3);
    now += 3 * DAY - 1;
    expect(open().mayShow(other)).toBe(false);
    now += 1;
    expect(open().mayShow(other)).toBe(true);
  });

  it("counts visits, not pages", () => {
    expect(open().visits()).toBe(1);
    now += 60_000;
    expect(open().visits()).toBe(1);
    now += 3_600_000;
    expect(open().visits()).toBe(2);
  });

  it("leaves nothing in the browser before it may", () => {
    allowed = false;
    const memory = open();
    memory.shown(greeting);
    expect(memory.visits()).toBe(null);
    expect(memory.mayShow(greeting)).toBe(false);
    expect(localStorage.length).toBe(0);
    expect(open().mayShow(greeting)).toBe(true);
  });

  it("is forgotten with the visitor", () => {
    const memory = open();
    memory.shown(greeting);
    memory.forget();
    expect(localStorage.length).toBe(0);
    expect(memory.mayShow(greeting)).toBe(false); // not twice on one page, whoever looks at it
    memory.shown({ ...greeting, id: "g2" });
    expect(localStorage.getItem("greetings")).not.toContain("g1");
  });

  it("survives what somebody else wrote there", () => {
    localStorage.setItem("greetings", "{");
    expect(open().mayShow(greeting)).toBe(true);
  });
});

describe("on a page", () => {
  let isOpen = false;
  let told: (news: "open" | "attributes" | "forget") => void = () => {};
  let over = new AbortController();
  const greet = vi.fn();
  const beacon = vi.fn();

  function begin(items: Greeting[], part: Partial<Kit> = {}): void {
    const kit: Kit = {
      key: "KEY",
      base: "https://chat.example/",
      box: document.createElement("div"),
      close: "Close chat",
      mode: "granted",
      mayStore: () => true,
      hasChat: () => false,
      page: () => ({ url: "https://shop.example/", referrer: "" }),
      attributes: () => ({}),
      greet,
      isOpen: () => isOpen,
      told: (listener) => {
        told = listener;
      },
      over: over.signal,
      ...part,
    };
    run(kit, { items, pause_days: 1 }, "https://chat.example/widget/greetings");
  }

  const cards = () => document.querySelectorAll("chat-greeting").length;
  const reported = () => beacon.mock.calls.flatMap(([, body]) => JSON.parse(body).news);

  beforeEach(() => {
    over.abort();
    over = new AbortController();
    isOpen = false;
    localStorage.clear();
    greet.mockReset();
    beacon.mockReset();
    vi.stubGlobal("navigator", Object.assign(Object.create(navigator), { sendBeacon: beacon }));
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  });

  it("waits for its time, comes once, and is told of when the page is left", () => {
    begin([{ ...greeting, rule: { seconds: 5 } }]);
    vi.advanceTimersByTime(4_900);
    expect(cards()).toBe(0);
    vi.advanceTimersByTime(200);
    expect(cards()).toBe(1);
    expect(beacon).not.toHaveBeenCalled();
    dispatchEvent(new Event("pagehide"));
    expect(reported()).toEqual([{ greeting: "g1", event: "shown" }]);
  });

  it("comes when the pointer leaves above, and not in the first moments", () => {
    begin([{ ...greeting, rule: { exit_intent: true } }]);
    const leave = () =>
      document.documentElement.dispatchEvent(new MouseEvent("mouseleave", { clientY: -1 }));
    leave();
    expect(cards()).toBe(0);
    vi.advanceTimersByTime(3_000);
    leave();
    expect(cards()).toBe(1);
  });

  it("says nothing while the chat is open, and goes when it opens", () => {
    isOpen = true;
    begin([greeting]);
    vi.advanceTimersByTime(100);
    expect(cards()).toBe(0);
    isOpen = false;
    begin([greeting]);
    vi.advanceTimersByTime(100);
    expect(cards()).toBe(1);
    told("open");
    expect(cards()).toBe(0);
  });

  it("takes the first that fits, and one only", () => {
    const later = { ...greeting, id: "g2", rule: { seconds: 1 } };
    begin([later, greeting]);
    vi.advanceTimersByTime(5_000);
    over.abort();
    expect(reported()).toEqual([{ greeting: "g1", event: "shown" }]);
  });

  it("waits for what the page says of its visitor", () => {
    let attributes = {};
    const rule = { attributes: { plan: "pro" } };
    begin([{ ...greeting, rule }], { attributes: () => attributes });
    vi.advanceTimersByTime(100);
    expect(cards()).toBe(0);
    attributes = { plan: "pro" };
    told("attributes");
    expect(cards()).toBe(1);
  });

  it("goes with the chat that brought it", () => {
    begin([greeting]);
    vi.advanceTimersByTime(100);
    over.abort();
    expect(cards()).toBe(0);
  });
});
