import { fireEvent, screen } from "@testing-library/preact";
import { describe, expect, it, vi } from "vitest";
import en from "../src/text/en.json";
import { fromAnn, fromVera, opened } from "./support/facts";
import { close, facts, field, inC, later, session, show, store, type } from "./support/panel";

describe("a message among many", () => {
  const deeds = (name: string) => screen.getAllByRole("button", { name });
  const reply = () => deeds("Reply").at(-1) as HTMLElement;

  it("is answered: the field says to what, and the next message carries it, once", async () => {
    show(inC(2), facts(opened(), fromAnn(2, "The green one?")));
    await later();
    fireEvent.click(reply());
    await later();
    expect(document.activeElement).toBe(field());
    expect(screen.getByText("The green one?", { selector: ".quoting *" })).toBeTruthy();
    await type("yes");
    fireEvent.keyDown(field(), { key: "Enter" });
    const quote = expect.objectContaining({ conversation: "c", seq: 2 });
    expect(session.write).toHaveBeenLastCalledWith("yes", [], quote);
    await type("and more");
    fireEvent.keyDown(field(), { key: "Enter" });
    expect(session.write).toHaveBeenLastCalledWith("and more", [], undefined);
  });

  it("is not answered after all: by its button, or by Escape, which leaves the panel open", async () => {
    show(inC(2), facts(opened(), fromAnn(2, "The green one?")));
    for (const takeBack of [
      () => fireEvent.click(screen.getByRole("button", { name: en["quote.cancel"] })),
      () => fireEvent.keyDown(document, { key: "Escape" }),
    ]) {
      await later();
      fireEvent.click(reply());
      await later();
      takeBack();
      await later();
      expect(document.querySelector(".quoting")).toBeNull();
    }
    expect(close).not.toHaveBeenCalled();
  });

  it("shows what it answers as text, and loads what lies further back", async () => {
    vi.mocked(session.earlier).mockImplementation(async () => {
      store.dispatch({ kind: "history", conversation: "c", facts: [fromAnn(2, "<i>old</i>")] });
    });
    show(inC(4), facts(fromAnn(3, "hm"), { ...fromVera(4, "this"), quote: 2 }));
    await later();
    fireEvent.click(screen.getByText(en["quote.earlier"]));
    await later();
    expect(screen.getByText("<i>old</i>", { selector: ".quote-text" })).toBeTruthy();
    expect(document.querySelector(".shown")?.textContent).toContain("<i>old</i>");
    expect(document.querySelector("i i, p i")).toBeNull();
  });

  it("is copied, and says so", async () => {
    const writeText = vi.fn(async () => {});
    vi.stubGlobal("navigator", { ...navigator, clipboard: { writeText } });
    show(inC(2), facts(opened(), fromAnn(2, "The green one?")));
    await later();
    fireEvent.click(deeds("Copy text")[0] as HTMLElement);
    await later();
    expect(writeText).toHaveBeenCalledExactlyOnceWith("The green one?");
    expect(deeds("Copied")).toHaveLength(1);
    expect(screen.getAllByRole("status").at(-1)?.textContent).toBe("Copied");
  });

  it("costs the tabulator one stop for all messages; arrows go to the others", async () => {
    show(inC(3), facts(opened(), fromAnn(2, "one"), fromAnn(3, "two")));
    await later();
    expect(deeds("Reply").map((button) => button.tabIndex)).toEqual([-1, 0]);
    reply().focus();
    fireEvent.keyDown(reply(), { key: "ArrowUp" });
    await later();
    expect(document.activeElement).toBe(deeds("Reply")[0]);
    expect(deeds("Reply").map((button) => button.tabIndex)).toEqual([0, -1]);
  });
});
