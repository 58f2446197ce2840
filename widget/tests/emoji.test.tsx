import { fireEvent, screen } from "@testing-library/preact";
import { describe, expect, it } from "vitest";
import { EMOJI, find, nameOf } from "../src/view/emoji/data";
import { openRecent } from "../src/view/emoji/recent";
import { memoryShelf } from "../src/wire";
import { welcome } from "./support/facts";
import { chat, close, field, later, show, type } from "./support/panel";

const signs = (typed: string) => find(typed).map((emoji) => emoji.sign);

describe("emoji", () => {
  it("have a name in both languages and stand in the list once", () => {
    for (const emoji of EMOJI) {
      expect(nameOf(emoji, "en"), emoji.sign).toMatch(/^[a-z]/);
      expect(nameOf(emoji, "zh-CN"), emoji.sign).toMatch(/\p{Script=Han}/u);
    }
    expect(new Set(EMOJI.map((emoji) => emoji.sign)).size).toBe(EMOJI.length);
  });

  it("are found by the beginning of English words, and within Chinese ones", () => {
    expect(signs("thumb")).toEqual(["👍", "👎"]);
    expect(signs("green cup")).toEqual(["🍵"]);
    expect(signs("谢谢")).toEqual(["🙏"]);
    expect(signs("謝謝")).toEqual(["🙏"]);
    expect(signs("nosuchthing")).toEqual([]);
  });

  it("that were used last come first, each once", () => {
    const recent = openRecent(memoryShelf());
    for (const sign of ["👍", "🙏", "👍"]) recent.used(sign);
    expect(recent.get()).toEqual(["👍", "🙏"]);
  });
});

describe("the emoji picker", () => {
  const button = () => screen.getByRole("button", { name: "Emoji" });
  const search = () => screen.getByRole("searchbox", { name: "Search emoji" }) as HTMLInputElement;

  async function open() {
    show(welcome());
    await type("Thank you!");
    field().setSelectionRange(5, 5);
    fireEvent.click(button());
    await later();
  }

  it("finds by name and puts the sign where the cursor was", async () => {
    await open();
    expect(document.activeElement).toBe(search());
    fireEvent.input(search(), { target: { value: "party" } });
    await later();
    fireEvent.keyDown(search(), { key: "Enter" });
    await later();
    expect(field().value).toBe("Thank🥳 you!");
    expect(document.activeElement).toBe(field());
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(chat.shelf.get("emoji")).toBe("🥳");
  });

  it("is walked by arrow keys, from the search into the grid and back", async () => {
    await open();
    const at = () => (document.activeElement as HTMLElement).textContent;
    const press = (key: string) => fireEvent.keyDown(document.activeElement as Element, { key });
    press("ArrowDown");
    press("ArrowRight");
    expect(at()).toBe(EMOJI[1]?.sign);
    press("ArrowDown");
    expect(at()).toBe(EMOJI[9]?.sign);
    press("ArrowUp");
    press("ArrowUp");
    expect(document.activeElement).toBe(search());
  });

  it("closes on Escape and leaves the panel open; says when it finds nothing", async () => {
    await open();
    fireEvent.input(search(), { target: { value: "qqq" } });
    await later();
    expect(screen.getByText("Nothing found")).toBeTruthy();
    fireEvent.keyDown(search(), { key: "Escape" });
    await later();
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(document.activeElement).toBe(field());
    expect(close).not.toHaveBeenCalled();
  });
});
