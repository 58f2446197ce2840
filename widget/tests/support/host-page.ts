// A customer's page with the loader on it, and whoever plays the frame.

import { afterEach, beforeEach, vi } from "vitest";
import type { ToHost } from "../../src/bridge";

type Call = (...call: unknown[]) => void;
type Page = Window & {
  ChatWidget?: Call & { q?: unknown[][]; sites?: Record<string, Call> };
  ChatWidgetSettings?: object;
};

export const page = window as unknown as Page;
export const config = {
  key: "KEY",
  name: "Shop",
  color: "#005",
  position: "left",
  greeting: "",
  locale: "auto",
};

export const stage = {
  root: null as unknown as ShadowRoot,
  asked: [] as string[],
  answer: async () => Response.json(config),
};

beforeEach(() => {
  stage.asked = [];
  stage.answer = async () => Response.json(config);
  const attach = Element.prototype.attachShadow;
  vi.spyOn(Element.prototype, "attachShadow").mockImplementation(function (this: Element, options) {
    stage.root = attach.call(this, options);
    return stage.root;
  });
  vi.stubGlobal("fetch", (address: string) => {
    stage.asked.push(address);
    return stage.answer();
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
  delete page.ChatWidgetSettings;
  history.replaceState(null, "", "/");
  document.body.replaceChildren();
  document.head.replaceChildren();
  for (const host of document.querySelectorAll("chat-widget")) host.remove();
  localStorage.clear();
  sessionStorage.clear();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.resetModules();
});

export async function load(attributes: Record<string, string> = {}) {
  const tag = document.createElement("script");
  tag.type = "text/plain"; // so that nobody runs it; the module below is what it would run
  for (const [name, value] of Object.entries({ "data-site": "KEY", ...attributes }))
    tag.setAttribute(name, value);
  tag.setAttribute("src", "https://chat.example/base/widget.js");
  document.head.append(tag);
  vi.spyOn(document, "currentScript", "get").mockReturnValue(tag);
  await import("../../src/loader");
  await passed();
}

export const likes = () =>
  encodeURIComponent(`${[document.documentElement.lang, ...navigator.languages]}`);
export const passed = (ms = 20) => new Promise((resolve) => setTimeout(resolve, ms));
export const hosts = () => document.querySelectorAll("chat-widget");
export const button = () => stage.root.querySelector("button") as HTMLButtonElement;
export const frame = () => stage.root.querySelector("iframe");
export const isAway = () => box().classList.contains("away");
export const isOpen = () => box().classList.contains("open");
export const box = () => stage.root.firstElementChild as HTMLElement;

/** Plays the frame: takes the port out of the first message. */
export function answerFrame() {
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
