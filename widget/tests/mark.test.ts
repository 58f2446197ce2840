import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { takeMark } from "../src/mark";
import { redeem } from "../src/redeem";
import { memoryShelf } from "../src/wire";

afterEach(() => vi.unstubAllGlobals());

describe("the mark behind the #", () => {
  const replaceState = vi.fn();

  function at(href: string) {
    vi.stubGlobal("location", { href, hash: new URL(href).hash });
    vi.stubGlobal("history", { state: { page: 3 }, replaceState });
  }

  beforeEach(() => replaceState.mockClear());

  it("is taken once and leaves the address as it was", () => {
    at("https://shop.example/tea?x=1#chat-resume=Ab-_9");
    expect(takeMark()).toBe("Ab-_9");
    expect(replaceState).toHaveBeenCalledWith({ page: 3 }, "", "https://shop.example/tea?x=1");
  });

  it("leaves the page's own part alone", () => {
    at("https://shop.example/#/cups&chat-resume=abc");
    expect(takeMark()).toBe("abc");
    expect(replaceState).toHaveBeenCalledWith({ page: 3 }, "", "https://shop.example/#/cups");
  });

  it("touches nothing without it", () => {
    at("https://shop.example/#chat-resume=");
    expect(takeMark()).toBeUndefined();
    expect(replaceState).not.toHaveBeenCalled();
  });
});

describe("a mailed link", () => {
  it("is worth a token while it is good, else nothing", async () => {
    const shelf = memoryShelf();
    const asked = vi.fn(async () => new Response(JSON.stringify({ token: "T" })));
    vi.stubGlobal("fetch", asked);
    expect(await redeem("KEY", "L", shelf)).toBe("T");
    expect(shelf.get("token")).toBe("T");
    expect(asked.mock.calls[0]).toMatchObject([
      "/frame/resume",
      { body: '{"site":"KEY","link":"L"}' },
    ]);
    vi.stubGlobal("fetch", async () => new Response("{}", { status: 410 }));
    expect(await redeem("KEY", "L", shelf)).toBeNull();
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("no network")));
    expect(await redeem("KEY", "L", shelf)).toBeNull();
  });
});
