import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ToHost } from "../src/bridge";

type Call = (...call: unknown[]) => void;
type Page = Window & { ChatWidget?: Call & { q?: unknown[][] } };

const page = window as unknown as Page;
const config = {
  key: "KEY",
  name: "Shop",
  color: "#005",
  position: "left",
  greeting: "",
  locale: "auto",
};

let root: ShadowRoot;
let asked: string[];
let answer: () => Promise<Response>;

beforeEach(() => {
  asked = [];
  answer = async () => Response.json(config);
  const attach = Element.prototype.attachShadow;
  vi.spyOn(Element.prototype, "attachShadow").mockImplementation(function (this: Element, options) {
    root = attach.call(this, options);
    return root;
  });
  vi.stubGlobal("fetch", (address: string) => {
    asked.push(address);
    return answer();
  });
  vi.stubGlobal("CSS", { supports: (_: string, value: string) => value.startsWith("#") });
  vi.stubGlobal("matchMedia", () => ({ matches: false }));
  // The frame's page is another world; here only its element matters.
  vi.spyOn(HTMLIFrameElement.prototype, "src", "set").mockImplementation(function (
    this: HTMLIFrameElement,
    address,
  ) {
    this.setAttribute("data-src", address);
  });
});

afterEach(() => {
  page.ChatWidget?.("destroy");
  delete page.ChatWidget;
  document.head.replaceChildren();
  for (const host of document.querySelectorAll("chat-widget")) host.remove();
  localStorage.clear();
  sessionStorage.clear();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.resetModules();
});

async function load(attributes: Record<string, string> = {}) {
  const tag = document.createElement("script");
  tag.type = "text/plain"; // so that nobody runs it; the module below is what it would run
  for (const [name, value] of Object.entries({ "data-site": "KEY", ...attributes }))
    tag.setAttribute(name, value);
  tag.setAttribute("src", "https://chat.example/base/widget.js");
  document.head.append(tag);
  await import("../src/loader");
  await passed();
}

const likes = () =>
  encodeURIComponent(`${[document.documentElement.lang, ...navigator.languages]}`);
const passed = (ms = 20) => new Promise((resolve) => setTimeout(resolve, ms));
const hosts = () => document.querySelectorAll("chat-widget");
const button = () => root.querySelector("button") as HTMLButtonElement;
const frame = () => root.querySelector("iframe");
const isOpen = () => box().classList.contains("open");
const box = () => root.firstElementChild as HTMLElement;

/** Plays the frame: takes the port out of the first message. */
function answerFrame() {
  const element = frame() as HTMLIFrameElement;
  const posted: { data: unknown; origin: string; port: MessagePort }[] = [];
  const post = (data: unknown, origin: string, [port]: [MessagePort]) =>
    posted.push({ data, origin, port });
  Object.defineProperty(element, "contentWindow", {
    value: { postMessage: post },
    configurable: true,
  });
  element.onload?.(new Event("load"));
  const [first] = posted;
  if (!first) throw new Error("the frame was told nothing");
  const heard: unknown[] = [];
  first.port.onmessage = (event) => heard.push(event.data);
  const say = async (message: ToHost) => {
    first.port.postMessage(message);
    await passed();
  };
  return { ...first, heard, say };
}

describe("the loader", () => {
  it("shows a calm launcher and asks for no more than its settings", async () => {
    await load();
    expect(asked).toEqual([
      `https://chat.example/base/widget/config?site=KEY&lang=&like=${likes()}`,
    ]);
    expect(button().getAttribute("aria-label")?.trim()).toBe("Open chat");
    expect(button().getAttribute("aria-expanded")).toBe("false");
    expect(box().className).toBe("left");
    expect(frame()).toBeNull();
    expect(localStorage).toHaveLength(0);
    expect(sessionStorage).toHaveLength(0);
    expect(document.cookie).toBe("");
  });

  it("shows nothing for a site that does not exist", async () => {
    answer = async () => new Response("", { status: 404 });
    await load();
    expect(hosts()).toHaveLength(0);
  });

  it("guesses from its tag where the page's CSP forbids to ask", async () => {
    answer = async () => {
      throw new TypeError("blocked");
    };
    await load({ "data-position": "left", "data-color": "#123" });
    expect(box().className).toBe("left");
    expect(box().style.getPropertyValue("--accent")).toBe("#123");
  });

  it("believes its tag more than the server, and no colour that is none", async () => {
    await load({ "data-position": "right", "data-color": "url(x)" });
    expect(box().className).toBe("right");
    expect(box().style.getPropertyValue("--accent")).toBe("#2563eb");
  });

  it("says its words in the language that the server chose", async () => {
    answer = async () =>
      Response.json({
        ...config,
        language: "ar",
        dir: "rtl",
        words: { open: "فتح", close: "إغلاق" },
      });
    await load();
    expect(button().getAttribute("aria-label")?.trim()).toBe("فتح");
    expect([box().lang, box().dir]).toEqual(["ar", "rtl"]);
    button().click();
    expect(button().getAttribute("aria-label")).toBe("إغلاق");
  });

  it("lets page and browser decide where its tag says auto, whatever the site has", async () => {
    document.documentElement.lang = "ja";
    await load({ "data-lang": "auto" });
    expect(asked[0]).toContain("&lang=ja");
    document.documentElement.lang = "";
  });

  it("starts once, however often it is pasted", async () => {
    await load();
    vi.resetModules();
    await load();
    expect(hosts()).toHaveLength(1);
  });

  it("makes its frame on the first click and meets it on its exact origin", async () => {
    await load({ "data-lang": "zh-CN" });
    button().click();
    expect(frame()?.getAttribute("data-src")).toBe(
      `https://chat.example/base/frame?site=KEY&lang=zh-CN&like=${likes()}`,
    );
    expect(frame()?.title).toBe("Shop");
    const { data, origin } = answerFrame();
    expect(origin).toBe("https://chat.example");
    expect(data).toMatchObject({
      t: "init",
      shown: true,
      kept: null,
      page: { url: location.href },
    });
    expect(button().getAttribute("aria-expanded")).toBe("true");
  });

  it("closes by the launcher, by Escape and by the frame, keeping the frame", async () => {
    await load();
    const isHidden = () => !isOpen();
    button().click();
    const chat = answerFrame();
    button().click();
    expect(isHidden()).toBe(true);
    button().click();
    box().dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
    expect(isHidden()).toBe(true);
    button().click();
    await chat.say({ t: "close" });
    expect(isHidden()).toBe(true);
    expect(chat.heard).toContainEqual({ t: "shown", on: false });
  });

  it("leaves all other keys to the browser", async () => {
    await load();
    const key = new KeyboardEvent("keydown", { key: "Enter", cancelable: true });
    box().dispatchEvent(key);
    expect(key.defaultPrevented).toBe(false);
  });

  it("keeps calls made before it came, in order", async () => {
    const opened = vi.fn();
    page.ChatWidget = Object.assign(() => {}, { q: [["on", "open", opened], ["open"]] });
    await load();
    expect(opened).toHaveBeenCalledOnce();
    expect(isOpen()).toBe(true);
  });

  it("tells listeners what happens, until they leave", async () => {
    await load();
    const listener = vi.fn();
    page.ChatWidget?.("on", "message", listener);
    button().click();
    const { say } = answerFrame();
    await say({ t: "event", name: "message", detail: { from: "agent" } });
    page.ChatWidget?.("off", "message", listener);
    await say({ t: "event", name: "message", detail: { from: "agent" } });
    expect(listener.mock.calls).toEqual([[{ from: "agent" }]]);
  });

  it("shows and says how many messages wait while it is closed", async () => {
    await load();
    button().click();
    const { say } = answerFrame();
    button().click();
    await say({ t: "unread", count: 2, text: "Ann: 2 new messages" });
    expect(root.querySelector("b")?.textContent).toBe("2");
    expect(root.querySelector("output")?.textContent).toBe("Ann: 2 new messages");
    expect(button().getAttribute("aria-label")).toBe("Open chat 2");
    button().click();
    expect(root.querySelector("b")?.textContent).toBe("");
  });

  it("keeps what the frame asks it to keep, and then loads it quietly on the next page", async () => {
    await load();
    button().click();
    const { say } = answerFrame();
    await say({ t: "keep", value: "handle" });
    expect({ ...localStorage }).toEqual({ "chat-widget.KEY": "handle" });
    page.ChatWidget?.("destroy");
    delete page.ChatWidget;
    vi.resetModules();
    await load();
    expect(isOpen()).toBe(false);
    expect(answerFrame().data).toMatchObject({ shown: false, kept: "handle" });
  });

  it("opens again on the next page when it was open on the last one", async () => {
    sessionStorage.setItem("chat-widget.KEY", "1");
    await load();
    expect(isOpen()).toBe(true);
    expect(answerFrame().data).toMatchObject({ shown: true, focused: false });
  });

  it("warns before leaving only while there is text that would be lost", async () => {
    await load();
    button().click();
    const { say } = answerFrame();
    const isWarned = () => !window.dispatchEvent(new Event("beforeunload", { cancelable: true }));
    await say({ t: "unsent", on: true });
    expect(isWarned()).toBe(true);
    await say({ t: "unsent", on: false });
    expect(isWarned()).toBe(false);
  });

  it("forgets its visitor: nothing kept, and a new frame told to forget", async () => {
    await load();
    button().click();
    await answerFrame().say({ t: "keep", value: "handle" });
    page.ChatWidget?.("reset");
    expect(localStorage).toHaveLength(0);
    expect(root.querySelectorAll("iframe")).toHaveLength(1);
    expect(answerFrame().data).toMatchObject({ forgets: true, kept: null, shown: false });
  });

  it("offers a new tab when the frame does not come to life", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const loading = load();
    await vi.advanceTimersByTimeAsync(1000);
    await loading;
    button().click();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(frame()).toBeNull();
    const link = root.querySelector("a");
    expect(link?.target).toBe("_blank");
    expect(isOpen()).toBe(true);
    vi.useRealTimers();
  });

  it("hides and shows itself, and leaves without a trace", async () => {
    await load();
    page.ChatWidget?.("hide");
    expect(box().hidden).toBe(true);
    page.ChatWidget?.("show");
    expect(box().hidden).toBe(false);
    page.ChatWidget?.("no such command");
    page.ChatWidget?.("destroy");
    expect(hosts()).toHaveLength(0);
  });

  it("asks nothing of a page that it has left", async () => {
    await load();
    vi.useFakeTimers();
    document.body.click();
    page.ChatWidget?.("destroy");
    const asked = vi.spyOn(location, "href", "get");
    vi.runAllTimers();
    vi.useRealTimers();
    expect(asked).not.toHaveBeenCalled();
  });

  it("works where storage is forbidden", async () => {
    const blocked = vi.spyOn(window, "localStorage", "get").mockImplementation(() => {
      throw new DOMException("blocked", "SecurityError");
    });
    await load();
    button().click();
    await answerFrame().say({ t: "keep", value: "handle" });
    expect(isOpen()).toBe(true);
    blocked.mockRestore();
  });
});
