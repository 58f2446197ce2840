import { describe, expect, it, vi } from "vitest";
import {
  answerFrame,
  box,
  button,
  config,
  frame,
  hosts,
  isAway,
  isOpen,
  likes,
  load,
  page,
  passed,
  stage,
} from "./support/host-page";

describe("the loader", () => {
  it("shows a calm launcher and asks for no more than its settings", async () => {
    await load();
    expect(stage.asked).toEqual([
      `https://chat.example/base/widget/config?site=KEY&lang=&like=${likes()}`,
    ]);
    expect(button().getAttribute("aria-label")?.trim()).toBe("Open chat");
    expect(button().getAttribute("aria-expanded")).toBe("false");
    expect(box().classList).toContain("left");
    expect(frame()).toBeNull();
    expect(localStorage).toHaveLength(0);
    expect(sessionStorage).toHaveLength(0);
    expect(document.cookie).toBe("");
  });

  it("shows nothing for a site that does not exist", async () => {
    stage.answer = async () => new Response("", { status: 404 });
    await load();
    expect(hosts()).toHaveLength(0);
  });

  it("guesses from its tag where the page's CSP forbids to ask", async () => {
    stage.answer = async () => {
      throw new TypeError("blocked");
    };
    await load({ "data-position": "left", "data-color": "#123" });
    expect(box().classList).toContain("left");
    expect(box().style.getPropertyValue("--accent")).toBe("#123");
  });

  it("believes its tag more than the server, and no colour that is none", async () => {
    await load({ "data-position": "right", "data-color": "url(x)" });
    expect(box().classList).toContain("right");
    expect(box().style.getPropertyValue("--accent")).toBe("#2563eb");
  });

  it("says its words in the language that the server chose", async () => {
    stage.answer = async () =>
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
    expect(stage.asked[0]).toContain(`&lang=auto&like=${likes()}`);
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

  it("opens where a mailed link leads, hands its secret over once, and takes it off the address", async () => {
    history.replaceState(null, "", "#/cups&chat-resume=Ab-9");
    await load();
    expect(isOpen()).toBe(true);
    expect(location.hash).toBe("#/cups");
    const chat = answerFrame();
    expect(chat.data).toMatchObject({ t: "init", shown: true, resume: "Ab-9" });
    expect(chat.data).toMatchObject({ page: { url: location.href } });
    history.replaceState(null, "", "#");
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
    await passed();
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
    expect(stage.root.querySelector("b")?.textContent).toBe("2");
    expect(stage.root.querySelector("output")?.textContent).toBe("Ann: 2 new messages");
    expect(button().getAttribute("aria-label")).toBe("Open chat 2");
    button().click();
    expect(stage.root.querySelector("b")?.textContent).toBe("");
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
    expect({ ...localStorage }).toEqual({ "chat-widget.KEY.lost": "1" });
    expect(stage.root.querySelectorAll("iframe")).toHaveLength(1);
    const { data, say } = answerFrame();
    expect(data).toMatchObject({ forgets: true, kept: "handle", shown: false });
    await say({ t: "ready" });
    expect(localStorage).toHaveLength(0);
  });

  it("forgets whom it does not know, too: another sub-domain may have met them", async () => {
    await load();
    expect(frame()).toBeNull();
    page.ChatWidget?.("reset");
    expect(answerFrame().data).toMatchObject({ forgets: true, kept: "1", asks: true });
  });

  it("leaves the forgetting to the next page where this one is left at once", async () => {
    localStorage.setItem("chat-widget.KEY.lost", "1");
    await load();
    const { data, say } = answerFrame();
    expect(data).toMatchObject({ forgets: true, asks: true, shown: false });
    await say({ t: "ready" });
    expect(localStorage).toHaveLength(0);
  });

  it("offers a new tab when the frame does not come to life", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const loading = load();
    await vi.advanceTimersByTimeAsync(1000);
    await loading;
    button().click();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(frame()).toBeNull();
    const link = stage.root.querySelector("a");
    expect(link?.target).toBe("_blank");
    expect(isOpen()).toBe(true);
    vi.useRealTimers();
  });

  it("hides and shows itself, and leaves without a trace", async () => {
    await load();
    page.ChatWidget?.("hide");
    expect(isAway()).toBe(true);
    page.ChatWidget?.("show");
    expect(isAway()).toBe(false);
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
