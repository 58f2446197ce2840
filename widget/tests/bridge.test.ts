import { beforeEach, describe, expect, it } from "vitest";
import { acceptPort, type Host, type Init, isToFrame } from "../src/bridge";

const SHOP = "https://shop.example";
const init = (part: object = {}) => ({
  t: "init",
  page: { url: "https://shop.example/", title: "Shop", referrer: "" },
  shown: true,
  focused: true,
  kept: null,
  forgets: false,
  ...part,
});

let met: { host: Host; init: Init } | null;
let port: MessagePort;
let told: unknown[];

beforeEach(() => {
  met = null;
  told = [];
  acceptPort(window, [SHOP], (host, first) => {
    met = { host, init: first };
  });
});

function post(
  data: unknown,
  from: Partial<{ origin: string; source: unknown; ports: MessagePort[] }> = {},
) {
  const channel = new MessageChannel();
  port = channel.port1;
  port.onmessage = (event) => told.push(event.data);
  const event = new MessageEvent("message", { data });
  const seen = { origin: SHOP, source: window.parent, ports: [channel.port2], ...from };
  for (const [name, value] of Object.entries(seen)) Object.defineProperty(event, name, { value });
  window.dispatchEvent(event);
}

const delivered = () => new Promise((resolve) => setTimeout(resolve, 20));

describe("the bridge", () => {
  it("meets a loader on an allowed origin and says that it is ready", async () => {
    post(init({ kept: "handle" }));
    expect(met?.init).toMatchObject({ shown: true, kept: "handle", page: { title: "Shop" } });
    await delivered();
    expect(told).toEqual([{ t: "ready" }]);
  });

  it.each([
    "https://evil.example",
    "https://shop.example.evil.example",
    "https://evil-shop.example",
    "http://shop.example",
    "https://shop.example:444",
    "https://SHOP.example",
    "https://shop.example.",
    "null",
    "",
  ])("answers nobody on origin %j", async (origin) => {
    post(init(), { origin });
    await delivered();
    expect(met).toBeNull();
    expect(told).toEqual([]);
  });

  it("listens to its parent only", () => {
    post(init(), { source: {} });
    expect(met).toBeNull();
  });

  it.each([
    null,
    "init",
    42,
    {},
    init({ t: "other" }),
    init({ page: null }),
    init({ page: { url: 5 } }),
    init({ shown: "yes" }),
    init({ kept: {} }),
    init({ forgets: undefined }),
    init({ said: "hello" }),
  ])("ignores what is no first message: %j", (data) => {
    post(data);
    expect(met).toBeNull();
  });

  it("needs a port", () => {
    post(init(), { ports: [] });
    expect(met).toBeNull();
  });

  it("cuts what a page says of itself to a sensible length", () => {
    post(
      init({ page: { url: `https://shop.example/${"x".repeat(1e6)}`, title: "t".repeat(1e6) } }),
    );
    expect(met?.init.page.url).toHaveLength(2000);
    expect(met?.init.page.title).toHaveLength(300);
  });

  it("hears what a page says of its visitor, as far as that can be", () => {
    const identify = { t: "identify", traits: { token: "a.b.c", name: "Vera", vip: true } };
    const wrong = { t: "attributes", values: { deep: {} } };
    post(init({ said: [identify, wrong, { t: "eval" }, null] }));
    expect(met?.init.said).toEqual([
      { t: "identify", token: "a.b.c", traits: { name: "Vera", vip: true } },
    ]);
  });

  it("hears an older loader too, which says nothing", () => {
    post(init());
    expect(met?.init.said).toEqual([]);
  });

  it("cuts what a page says of its visitor to a sensible size", async () => {
    post(init());
    const heard: unknown[] = [];
    met?.host.onMessage((message) => heard.push(message));
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`n${n}`, n]));
    port.postMessage({
      t: "attributes",
      values: { ["x".repeat(65)]: 1, note: "y".repeat(2e3), ...many },
    });
    port.postMessage({ t: "start", text: "z".repeat(1e6) });
    await delivered();
    const [attributes, start] = heard as [{ values: object }, { text: string }];
    expect(Object.keys(attributes.values)).toHaveLength(100);
    expect(attributes.values).toMatchObject({ note: "y".repeat(1000) });
    expect(start.text).toHaveLength(4000);
  });

  it("hands on messages it knows and drops the rest", async () => {
    post(init());
    const heard: unknown[] = [];
    met?.host.onMessage((message) => heard.push(message));
    port.postMessage({ t: "shown", on: false });
    port.postMessage({ t: "eval", code: "1" });
    await delivered();
    expect(heard).toEqual([{ t: "shown", on: false }]);
  });

  it.each([
    [{ t: "shown", on: true }, true],
    [{ t: "shown", on: "true" }, false],
    [{ t: "page", url: "https://a.example", title: "A" }, true],
    [{ t: "page", url: "https://a.example" }, false],
    [{ t: "identify", token: "a.b.c" }, true],
    [{ t: "identify", token: 5 }, false],
    [{ t: "identify", traits: [] }, false],
    [{ t: "attributes", values: { plan: "pro", seats: 5, trial: null } }, true],
    [{ t: "attributes", values: { plan: { name: "pro" } } }, false],
    [{ t: "attributes" }, false],
    [{ t: "start" }, true],
    [{ t: "start", text: 5 }, false],
    [{ t: "consent" }, true],
    [{ t: "__proto__" }, false],
    [null, false],
  ])("knows a message when it sees one: %j", (data, known) => {
    expect(isToFrame(data)).toBe(known);
  });
});
