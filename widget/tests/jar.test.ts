import { describe, expect, it } from "vitest";
import { openJar, withJar } from "../src/jar";
import { memoryShelf } from "../src/wire";

/** A document whose cookies behave as the browser's do: written one by one, read all at once. */
function pageWith(cookies: Record<string, string>, allowed = true): Document {
  return {
    location: { pathname: "/frame" },
    get cookie() {
      if (!allowed) throw new DOMException("no", "SecurityError");
      return Object.entries(cookies)
        .map((pair) => pair.join("="))
        .join("; ");
    },
    set cookie(line: string) {
      const [pair = "", ...ways] = line.split(";");
      const [name = "", value = ""] = pair.split("=");
      if (ways.includes("max-age=0")) delete cookies[name];
      else if (allowed) cookies[name] = value;
    },
  } as unknown as Document;
}

function open(cookies: Record<string, string> = {}, allowed = true) {
  const shelf = memoryShelf();
  return { cookies, shelf: withJar(shelf, openJar("chat.KEY.token", pageWith(cookies, allowed))) };
}

describe("the jar", () => {
  it("holds the token for the next page, and nothing else", () => {
    const { cookies, shelf } = open();
    shelf.set("draft", "Does it hum?");
    expect(shelf.remembers()).toBe(false);
    shelf.set("token", "abc");
    expect(cookies).toEqual({ "chat.KEY.token": "abc" });
    expect(shelf.remembers()).toBe(true);
    expect(open(cookies).shelf.get("token")).toBe("abc");
  });

  it("has the token that another page has renewed", () => {
    const { cookies, shelf } = open({ "chat.OTHER.token": "theirs" });
    shelf.set("token", "old");
    open(cookies).shelf.set("token", "new");
    expect(shelf.get("token")).toBe("new");
  });

  it("is empty when everything was forgotten, also what this page never saw", () => {
    const { cookies, shelf } = open({ "chat.KEY.token": "abc" });
    for (const name of shelf.names()) shelf.remove(name);
    expect(cookies).toEqual({});
    expect(shelf.get("token")).toBeNull();
  });

  it("says that it forgets where cookies are refused too", () => {
    const { shelf } = open({}, false);
    shelf.set("token", "abc");
    expect([shelf.get("token"), shelf.remembers()]).toEqual(["abc", false]);
    expect(shelf.names()).toEqual(["token"]);
  });
});
