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
  load,
  page,
  passed,
  stage,
} from "./support/host-page";

describe("the page's interface", () => {
  it("tells whoever builds the page what it does not understand, and throws nothing", async () => {
    const told = vi.spyOn(console, "error").mockImplementation(() => {});
    const heard = vi.fn();
    await load();
    page.ChatWidget?.("on", "error", heard);
    const wrong: unknown[][] = [
      ["opne"],
      ["on", "open"],
      ["identify"],
      ["identify", 5],
      ["identify", { name: { first: "Vera" } }],
      ["setAttributes", [1]],
      ["setPage", { url: {} }],
      ["startConversation", 5],
    ];
    for (const call of wrong) page.ChatWidget?.(...call);
    await passed();
    expect(heard.mock.calls.map(([detail]) => detail)).toEqual([
      { code: "unknown_command", command: "opne" },
      ...wrong.slice(1).map(([command]) => ({ code: "bad_argument", command })),
    ]);
    expect(told).toHaveBeenCalledTimes(wrong.length);
    expect(frame()).toBeNull();
  });

  it("goes on when a listener of the page throws", async () => {
    const thrown = vi.fn();
    vi.stubGlobal("queueMicrotask", (work: () => void) => {
      try {
        work();
      } catch {
        thrown();
      }
    });
    await load();
    const second = vi.fn();
    page.ChatWidget?.("on", "open", () => {
      throw new Error("the page's own");
    });
    page.ChatWidget?.("on", "open", second);
    page.ChatWidget?.("open");
    expect([thrown.mock.calls.length, second.mock.calls.length]).toEqual([1, 1]);
  });

  it("says nothing of the visitor before there is a frame, and then all of it", async () => {
    await load();
    page.ChatWidget?.("identify", { token: "a.b.c", name: "Vera" });
    page.ChatWidget?.("setAttributes", { plan: "free", seats: 3 });
    page.ChatWidget?.("setAttributes", { plan: "pro" });
    expect(frame()).toBeNull();
    page.ChatWidget?.("startConversation", "About my order");
    expect(isOpen()).toBe(true);
    const { data, heard } = answerFrame();
    expect((data as { said: object }).said).toEqual([
      { t: "identify", traits: { token: "a.b.c", name: "Vera" } },
      { t: "attributes", values: { plan: "pro", seats: 3 } },
      { t: "start", text: "About my order" },
    ]);
    page.ChatWidget?.("setAttributes", { seats: null });
    await passed();
    expect(heard).toContainEqual({ t: "attributes", values: { plan: "pro", seats: null } });
  });

  it("tells of the page what the page says of itself, until the visitor moves on", async () => {
    await load();
    page.ChatWidget?.("setPage", { url: "/secret-free", title: "A lamp" });
    page.ChatWidget?.("open");
    const { data, heard } = answerFrame();
    const origin = location.origin;
    expect(data).toMatchObject({ page: { url: `${origin}/secret-free`, title: "A lamp" } });
    history.pushState(null, "", "/next");
    dispatchEvent(new PopStateEvent("popstate"));
    await passed(350);
    expect(heard).toContainEqual(expect.objectContaining({ t: "page", url: `${origin}/next` }));
  });

  it.each([
    ["/cart/pay", { "data-hide-on": "/cart*, /login" }, true],
    ["/cart/pay?x=1", { "data-hide-on": "/cart/pay" }, true],
    ["/login/help", { "data-hide-on": "/cart*, /login" }, false],
    ["/help/lamps", { "data-show-on": "/help/*" }, false],
    ["/", { "data-show-on": "/help/*" }, true],
    ["/a/b/c", { "data-hide-on": "/a*x*c" }, false],
    ["/a/x/c", { "data-hide-on": "/a*x*c" }, true],
    ["/ab", { "data-hide-on": "/ab*b" }, false],
  ])("at %s and %j is away: %s", async (path, attributes, away) => {
    history.replaceState(null, "", path);
    await load(attributes);
    expect(isAway()).toBe(away);
  });

  it("follows the site's page rules, the first that fits, on a single-page site too", async () => {
    const pages = [
      { page: "/shop/open*", show: true },
      { page: `${location.origin}/shop/*`, show: false },
    ];
    stage.answer = async () => Response.json({ ...config, launcher: { pages } });
    await load();
    expect(isAway()).toBe(false);
    for (const [path, away] of [["/shop/x", true] as const, ["/shop/open/1", false] as const]) {
      history.pushState(null, "", path);
      dispatchEvent(new PopStateEvent("popstate"));
      await passed(350);
      expect(isAway()).toBe(away);
    }
  });

  it("takes its settings from the page's object too; the tag wins", async () => {
    page.ChatWidgetSettings = { site: "OTHER", position: "right", offsetSide: 40, label: "Ask us" };
    await load({ "data-position": "left" });
    expect(stage.asked[0]).toContain("site=KEY");
    expect(box().classList).toContain("left");
    expect(box().style.getPropertyValue("--side")).toBe("40px");
    expect(button().textContent).toBe("Ask us");
  });

  it("opens by the page's own elements, whenever they come", async () => {
    await load({ "data-launcher": "#help" });
    expect(box().classList).toContain("bare");
    document.body.innerHTML = `<a id="help" href="#x"><i>?</i></a><b data-chat-open>Ask</b>`;
    const click = (selector: string) => {
      const event = new MouseEvent("click", { bubbles: true, composed: true, cancelable: true });
      document.querySelector(selector)?.dispatchEvent(event);
      return event.defaultPrevented;
    };
    expect(click("i")).toBe(true);
    expect(isOpen()).toBe(true);
    expect(document.querySelector("#help")?.getAttribute("aria-expanded")).toBe("true");
    click("i");
    expect(isOpen()).toBe(false);
    click("b");
    click("b");
    expect(isOpen()).toBe(true);
    expect(click("body")).toBe(false);
  });

  it("stands in a container of the page, open from the start", async () => {
    document.body.innerHTML = "<main></main>";
    await load({ "data-inline": "main" });
    expect(document.querySelector("main")?.firstElementChild).toBe(hosts()[0]);
    expect(answerFrame().data).toMatchObject({ inline: true, shown: true });
    page.ChatWidget?.("close");
    expect(answerFrame().data).toMatchObject({ shown: true });
    expect(sessionStorage).toHaveLength(0);
  });

  it("comes back when the page throws it out, but does not fight for ever", async () => {
    await load();
    for (let times = 0; times < 30; times += 1) {
      hosts()[0]?.remove();
      await passed(1);
    }
    expect(hosts()).toHaveLength(0);
  });

  it("keeps nothing and lets nobody connect before a required consent", async () => {
    stage.answer = async () => Response.json({ ...config, consent: "required" });
    await load();
    const heard = vi.fn();
    page.ChatWidget?.("on", "consent", heard);
    button().click();
    const { data, say, heard: told } = answerFrame();
    expect(data).toMatchObject({ asks: true });
    await say({ t: "keep", value: "handle" });
    expect([localStorage.length, sessionStorage.length]).toEqual([0, 0]);
    await say({ t: "consent" });
    expect(told).toContainEqual({ t: "consent" });
    expect(heard.mock.calls).toEqual([[true]]);
    await say({ t: "keep", value: "handle" });
    expect({ ...localStorage }).toEqual({
      "chat-widget.KEY": "handle",
      "chat-widget.KEY.consent": "1",
    });
    page.ChatWidget?.("consent", false);
    await passed();
    const next = answerFrame();
    expect(next.data).toMatchObject({ asks: true, forgets: true, kept: "handle" });
    await next.say({ t: "ready" });
    expect([localStorage.length, sessionStorage.length]).toEqual([0, 0]);
    expect(heard.mock.calls).toEqual([[true], [false]]);
  });

  it("needs no question where opening is the consent, and waits again after a reset", async () => {
    await load({ "data-consent": "on-open" });
    button().click();
    expect(answerFrame().data).toMatchObject({ asks: false });
    page.ChatWidget?.("reset");
    const { data, heard } = answerFrame();
    expect(data).toMatchObject({ asks: true, forgets: true });
    button().click();
    await passed();
    expect(heard).toContainEqual({ t: "consent" });
  });

  it("serves two sites on one page, one above the other", async () => {
    await load();
    const first = box();
    vi.resetModules();
    document.head.replaceChildren();
    await load({ "data-site": "TWO" });
    expect(hosts()).toHaveLength(2);
    expect(box().style.getPropertyValue("--bottom")).toBe("92px");
    page.ChatWidget?.sites?.TWO?.("open");
    expect(isOpen()).toBe(true);
    page.ChatWidget?.("open");
    expect(first.classList).toContain("open");
    page.ChatWidget?.("destroy");
    expect(hosts()).toHaveLength(1);
    page.ChatWidget?.("close");
    expect(isOpen()).toBe(false);
  });

  it("keeps calls after it was destroyed for whoever comes next, as frameworks do", async () => {
    await load();
    const stub = page.ChatWidget;
    page.ChatWidget?.("destroy");
    stub?.("open");
    (page.ChatWidget as unknown as { q: unknown[][] }).q.push(["hide"]);
    expect(hosts()).toHaveLength(0);
    vi.resetModules();
    await load();
    expect(hosts()).toHaveLength(1);
    expect(frame()).not.toBeNull();
    expect(isAway()).toBe(true);
  });

  it("leaves its name to the next one when it was destroyed while it was still asking", async () => {
    page.ChatWidget = Object.assign(() => {}, { q: [["destroy"]] });
    let answered: (answer: Response) => void = () => {};
    const waiting = new Promise<Response>((resolve) => {
      answered = resolve;
    });
    stage.answer = () => waiting;
    await load();
    stage.answer = async () => Response.json(config);
    vi.resetModules();
    await load();
    answered(Response.json(config));
    await passed();
    expect(hosts()).toHaveLength(1);
    page.ChatWidget?.("destroy");
    expect(hosts()).toHaveLength(0);
  });

  it("does not begin when it was destroyed while it was still asking", async () => {
    page.ChatWidget = Object.assign(() => {}, { q: [["open"], ["destroy"]] });
    await load();
    expect(hosts()).toHaveLength(0);
    expect(frame()?.isConnected ?? false).toBe(false);
  });

  it("shows news as a card, never while it is open", async () => {
    await load();
    button().click();
    const { say } = answerFrame();
    await say({ t: "peek", height: 90 });
    expect(box().classList).not.toContain("peek");
    button().click();
    await say({ t: "peek", height: 90 });
    expect(box().classList).toContain("peek");
    expect(frame()?.style.height).toBe("90px");
    await say({ t: "open" });
    expect([...box().classList]).toEqual(expect.arrayContaining(["open"]));
    expect(box().classList).not.toContain("peek");
  });

  it("counts in the page's title while the visitor is elsewhere", async () => {
    document.title = "Lamps";
    let hidden = true;
    vi.spyOn(document, "hidden", "get").mockImplementation(() => hidden);
    await load();
    button().click();
    const { say } = answerFrame();
    await say({ t: "unread", count: 2, text: "" });
    expect(document.title).toBe("(2) Lamps");
    await say({ t: "unread", count: 3, text: "" });
    expect(document.title).toBe("(3) Lamps");
    hidden = false;
    document.dispatchEvent(new Event("visibilitychange"));
    expect(document.title).toBe("Lamps");
  });
});
