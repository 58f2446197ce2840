import { fireEvent, render, screen } from "@testing-library/preact";
import { describe, expect, it, vi } from "vitest";
import { openMuting } from "../src/muting";
import { createStore } from "../src/store";
import { Mute } from "../src/view/after/mute";
import { ChatProvider } from "../src/view/context";
import { openChime, soundNews } from "../src/view/talk/sound";
import { memoryShelf } from "../src/wire";
import { fakeClock } from "./support/clock";
import { annJoined, fromAnn, fromVera, opened, welcome } from "./support/facts";
import { card, chat, facts, inC, later, show, store, tell } from "./support/panel";

const panel = () => screen.getByLabelText("Chat with Shop");
const shut = () => store.dispatch({ kind: "shown", on: false });

describe("the news while the panel is closed", () => {
  it("are a card with who wrote what, as text, that opens the panel", async () => {
    show(inC(1), opened());
    shut();
    tell(fromAnn(2, "<b>Hi</b>"));
    await later();
    expect(panel().hidden).toBe(true);
    expect(card.show).toHaveBeenLastCalledWith(88);
    fireEvent.click(screen.getByText("<b>Hi</b>", { selector: ".peek-text" }));
    expect(card.open).toHaveBeenCalledOnce();
  });

  it("count what came besides, and go when the panel opens", async () => {
    show(inC(1), opened());
    shut();
    tell(fromAnn(2, "Hi"), fromAnn(3, "Are you there?"));
    await later();
    expect(screen.getByText("2 new messages", { selector: ".peek-more" })).toBeTruthy();
    expect(card.show.mock.calls.filter(([height]) => height === 88)).toHaveLength(1);
    store.dispatch({ kind: "shown", on: true });
    await later();
    expect(panel().hidden).toBe(false);
    expect(card.show).toHaveBeenLastCalledWith(null);
  });

  it("stay away once put away, until something new comes", async () => {
    show(inC(1), opened());
    shut();
    tell(fromAnn(2, "Hi"));
    await later();
    fireEvent.click(screen.getByRole("button", { name: "Hide this message" }));
    await later();
    expect(card.show).toHaveBeenLastCalledWith(null);
    expect(chat.shelf.get("peeked")).toBe("c:2");
    tell(fromAnn(3, "Still here"));
    await later();
    expect(card.show).toHaveBeenLastCalledWith(88);
  });

  it("are none of ours, nor what was read, nor what is no message", async () => {
    show(welcome({ conversation: { id: "c", seq: 3, phase: "active", read: 2 } }));
    shut();
    tell(facts(opened(), fromAnn(2, "Hi"), fromVera(3, "Hello"), annJoined(4)));
    await later();
    expect(card.show).not.toHaveBeenCalledWith(88);
  });
});

describe("sounds", () => {
  function listen(isAway = true) {
    const own = createStore(4000);
    const shelf = memoryShelf();
    const muted = openMuting(shelf);
    const play = vi.fn();
    const clock = fakeClock();
    soundNews({ store: own, muted, isAway: () => isAway, play, clock });
    const hear = async (...frames: Parameters<typeof tell>) => {
      for (const frame of frames) own.dispatch({ kind: "frame", frame });
      await clock.pass(500);
      return play.mock.calls.length;
    };
    return { hear, muted, shelf, own, clock, play };
  }
  const old = { ...fromAnn(2, "old"), at: "2026-11-22T11:00:00.000Z" };

  it("tell of an agent's message that comes while nobody looks, one for all that come together", async () => {
    const { hear } = listen();
    expect(await hear(inC(2), facts(opened(), old))).toBe(0);
    expect(await hear(facts(fromAnn(3, "a"), fromAnn(4, "b")))).toBe(1);
    expect(await hear(fromVera(5, "mine"), annJoined(6))).toBe(1);
  });

  it("are not made for what was read in another tab at once", async () => {
    const { own, clock, play } = listen();
    for (const frame of [inC(1), opened(), fromAnn(2, "a")]) own.dispatch({ kind: "frame", frame });
    own.dispatch({ kind: "read", conversation: "c", seq: 2 });
    await clock.pass(500);
    expect(play).not.toHaveBeenCalled();
  });

  it("are not made for who looks, nor for who muted them, which is remembered", async () => {
    expect(await listen(false).hear(inC(1), opened(), fromAnn(2, "a"))).toBe(0);
    const { hear, muted, shelf } = listen();
    muted.value = true;
    expect(await hear(inC(1), opened(), fromAnn(2, "a"))).toBe(0);
    expect(openMuting(shelf).value).toBe(true);
    muted.value = false;
    expect(openMuting(shelf).value).toBe(false);
  });

  it("wait for a touch of the visitor", () => {
    const page = document.implementation.createHTMLDocument();
    const open = vi.fn(() => ({ state: "suspended", resume: async () => {} }) as AudioContext);
    const play = openChime(page, open);
    play();
    expect(open).not.toHaveBeenCalled();
    page.dispatchEvent(new Event("pointerdown"));
    expect(open).toHaveBeenCalledOnce();
    play(); // still suspended: silence, no error
  });

  it("are switched in the menu", async () => {
    render(
      <ChatProvider value={chat}>
        <Mute />
      </ChatProvider>,
    );
    const entry = screen.getByRole("switch", { name: "Mute sounds" });
    fireEvent.click(entry);
    await later();
    expect(entry.getAttribute("aria-checked")).toBe("true");
    expect(chat.muted.value).toBe(true);
  });
});
