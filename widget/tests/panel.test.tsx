import { signal } from "@preact/signals";
import { act, cleanup, fireEvent, screen } from "@testing-library/preact";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { FileKit } from "../src/kit";
import { late } from "../src/late";
import en from "../src/text/en.json";
import { createTalk } from "../src/view/talk/kit";
import type { OutgoingFile, VisitorServerMessage } from "../src/wire";
import { annJoined, closedBy, fromAnn, fromVera, opened, welcome } from "./support/facts";
import {
  chat,
  close,
  facts,
  field,
  inC,
  kit,
  later,
  session,
  show,
  store,
  t,
  tell,
  type,
} from "./support/panel";

describe("the panel", () => {
  it("greets with the site's name and words, and gives the field the focus", async () => {
    show(welcome());
    await later();
    expect(screen.getByRole("heading", { name: "Shop" })).toBeTruthy();
    expect(screen.getByText("Good day!")).toBeTruthy();
    expect(screen.getByText("We’re online")).toBeTruthy();
    expect(document.activeElement).toBe(field());
  });

  it("can be written in before the code has come that shows what was said", async () => {
    const kit = createTalk({
      session,
      shelf: chat.shelf,
      muted: chat.muted,
      card: null,
      photos: chat.photos,
      site: "KEY",
    });
    chat.talk = late(async () => kit);
    show(inC(2), facts(opened(), fromAnn(2, "Good morning")));
    await type("hello");
    fireEvent.keyDown(field(), { key: "Enter" });
    expect(session.write).toHaveBeenCalledExactlyOnceWith("hello", [], undefined);
    expect(screen.getByText("Good day!")).toBeTruthy();
    expect(screen.queryByText("Good morning")).toBeNull();
    await act(async () => void (await chat.talk.load()));
    expect(screen.getByText("Good morning")).toBeTruthy();
  });

  it("says beside the field that the team sees drafts, and only where they do", async () => {
    show(welcome({ drafts: true }));
    const note = screen.getByText("The team sees what you write before you send it.");
    expect(field().getAttribute("aria-describedby")).toBe(note.id);
    await act(() => tell({ t: "state", kind: "drafts", drafts: false }));
    expect(screen.queryByText(/before you send it/)).toBeNull();
    expect(field().hasAttribute("aria-describedby")).toBe(false);
  });

  describe("outside of the opening hours", () => {
    const MONDAY = "2026-03-09T08:00:00Z";
    const TUESDAY = "2026-03-10T08:00:00Z";
    const turn = (next_opening?: string): VisitorServerMessage => ({
      t: "state",
      kind: "availability",
      availability: "offline",
      next_opening,
    });
    const words = (at = MONDAY) =>
      t("status.closed", { at: chat.times.ahead(Date.parse(at), Date.now()) });
    const onSaturday = () => vi.useFakeTimers({ now: new Date("2026-03-07T12:00:00Z") });
    afterEach(() => vi.useRealTimers());

    it("says when it opens again, until that moment has come", () => {
      onSaturday();
      show(welcome({ availability: "offline", next_opening: MONDAY }));
      expect(words()).toContain("Monday");
      expect(screen.getByText(words())).toBeTruthy();
      act(() => {
        vi.advanceTimersByTime(44 * 3_600_000);
      });
      expect(screen.getByText(en["status.offline"])).toBeTruthy();
    });

    it.each([
      ["is asked for an address", welcome({ offline: { mails: true } })],
      ["has left one", welcome({ you: { id: "vera", email: "vera@example.com" } })],
    ])("leaves it to the form where an answer goes, to who %s", (_, known) => {
      onSaturday();
      show({ ...known, availability: "offline", next_opening: MONDAY });
      const at = chat.times.ahead(Date.parse(MONDAY), Date.now());
      expect(screen.getByText(t("status.opens", { at }))).toBeTruthy();
      expect(screen.queryByText(words())).toBeNull();
      act(() => tell(turn()));
      expect(screen.getByText(en["status.away"])).toBeTruthy();
    });

    it("follows hours that change while it is looked at", () => {
      onSaturday();
      show(welcome());
      act(() => tell(turn(MONDAY)));
      expect(screen.getByText(words(MONDAY))).toBeTruthy();
      act(() => tell(turn(TUESDAY)));
      expect(screen.getByText(words(TUESDAY))).toBeTruthy();
      act(() => {
        vi.advanceTimersByTime(44 * 3_600_000);
      });
      expect(screen.getByText(words(TUESDAY))).toBeTruthy();
      act(() => tell(turn()));
      expect(screen.getByText(en["status.offline"])).toBeTruthy();
      act(() => tell({ t: "state", kind: "availability", availability: "online" }));
      expect(screen.getByText("We’re online")).toBeTruthy();
    });

    it("names a new opening after one that has passed", () => {
      onSaturday();
      show(welcome({ availability: "offline", next_opening: MONDAY }));
      act(() => {
        vi.advanceTimersByTime(44 * 3_600_000);
      });
      act(() => tell(turn(TUESDAY)));
      expect(screen.getByText(words(TUESDAY))).toBeTruthy();
    });

    it("says how soon an answer usually comes, where the figures say something", () => {
      for (const [replies_in, text] of [
        [300, "Usually answers within 5 minutes"],
        [3600, "Usually answers within 1 hour"],
        [86_400, "Usually answers within 1 day"],
        [null, t("status.online")],
      ] as const) {
        chat.site = { ...chat.site, replies_in };
        show(welcome());
        expect(screen.getByText(text)).toBeTruthy();
        cleanup();
      }
      chat.site = { ...chat.site, replies_in: 300 };
      show(welcome({ availability: "offline" }));
      expect(screen.queryByText(/Usually answers/)).toBeNull();
    });

    it("believes the server, which knows hours and people, more than what it was loaded with", () => {
      chat.site = { ...chat.site, open: false, next_opening: MONDAY };
      show(welcome({ availability: "online" }));
      expect(screen.getByText("We’re online")).toBeTruthy();
    });

    it("names the date of a day that is far", () => {
      const { ahead } = chat.times;
      const now = Date.parse("2026-03-01T12:00:00Z");
      expect(ahead(Date.parse(MONDAY), now)).toContain("March 9");
    });
  });

  it("does not take the focus when it came by itself", async () => {
    chat.attention.value = 0;
    show(welcome());
    await later();
    expect(document.activeElement).toBe(document.body);
  });

  it("sends on Enter, breaks the line on Shift+Enter, and leaves the Enter of an input method alone", async () => {
    show(welcome());
    await type("你好");
    fireEvent.keyDown(field(), { key: "Enter", isComposing: true });
    fireEvent.keyDown(field(), { key: "Enter", keyCode: 229 });
    fireEvent.keyDown(field(), { key: "Enter", shiftKey: true });
    expect(session.write).not.toHaveBeenCalled();
    fireEvent.keyDown(field(), { key: "Enter" });
    expect(session.write).toHaveBeenCalledExactlyOnceWith("你好", [], undefined);
    await later();
    expect(field().value).toBe("");
  });

  it("proposes a page's words where the visitor has none", async () => {
    show();
    await act(() => chat.draft.propose("About the red teapot: "));
    expect(field().value).toBe("About the red teapot: ");
    await act(() => chat.draft.propose("Buy now"));
    expect(field().value).toBe("About the red teapot: ");
    expect(session.write).not.toHaveBeenCalled();
  });

  it("keeps the draft, and lets write while there is no connection", async () => {
    show();
    await type("half a thought");
    expect(chat.shelf.get("draft")).toBe("half a thought");
    expect(field().disabled).toBe(false);
    fireEvent.keyDown(field(), { key: "Enter" });
    expect(session.write).toHaveBeenCalled();
    expect(chat.shelf.get("draft")).toBeNull();
  });

  it("counts near the limit in whole characters and sends nothing above it", async () => {
    show(welcome({ limits: { text_chars: 1000, frame_bytes: 1, history: 1 } }));
    await type("🍵".repeat(999));
    expect(screen.getByText("1 character left")).toBeTruthy();
    await type("🍵".repeat(1002));
    expect(screen.getByText("2 characters too many")).toBeTruthy();
    fireEvent.keyDown(field(), { key: "Enter" });
    expect(session.write).not.toHaveBeenCalled();
  });

  it("makes links of addresses and never elements of a text", async () => {
    show(
      inC(2),
      facts(opened(), fromAnn(2, '<img src=x onerror="x()"> https://a.example javascript:x()')),
    );
    await later();
    const links = screen.getAllByRole("link");
    expect(links.map((link) => link.getAttribute("href"))).toEqual(["https://a.example/"]);
    expect(links[0]?.getAttribute("rel")).toBe("noopener noreferrer");
    expect(document.querySelector("img")).toBeNull();
  });

  it("announces what is new, once, and not what was there before", async () => {
    const spoken = () => screen.getAllByRole("status").at(-1)?.textContent;
    const old = { ...fromAnn(2, "old"), at: "2026-11-22T11:00:00.000Z" };
    show(inC(2), facts(old));
    await later();
    expect(spoken()).toBe("");
    tell(fromAnn(3, "new"));
    await later();
    expect(spoken()).toBe("Ann: new");
    expect(screen.getByRole("log").getAttribute("aria-live")).toBe("off");
  });

  it("offers another try and deletion for a message that failed", async () => {
    show(welcome());
    const failed = {
      client_id: "x",
      lane: "",
      text: "oops",
      at: 1,
      state: "failed",
      code: "bad_text",
    } as const;
    store.dispatch({ kind: "outbox", messages: [failed] });
    await later();
    fireEvent.click(screen.getByRole("button", { name: "Try again" }));
    fireEvent.click(screen.getByRole("button", { name: "Delete" }));
    expect(session.retry).toHaveBeenCalledWith("x");
    expect(session.remove).toHaveBeenCalledWith("x");
  });

  describe("with files", () => {
    const paper = { id: "f1", name: "<b>paper</b>.pdf", type: "application/pdf", bytes: 9 };
    const limits = { text_chars: 9, frame_bytes: 1, history: 1 };
    const takes = { ...limits, files: 2, file_bytes: 10, file_types: [".pdf", ".png"] };

    afterEach(() => {
      kit.value = null;
    });

    function loaded(attached: OutgoingFile[] = []): FileKit {
      return {
        attached: signal(attached),
        add: vi.fn(),
        take: () => attached,
        upload: vi.fn(),
        losing: signal(false),
        Attachments: () => null,
        Files: ({ row }) => <p>{row.files.map((file) => file.name)}</p>,
        status: () => null,
        reason: (code) => (code === "file_type" ? "wrong type" : null),
      };
    }

    it("offers to attach some only where the server takes them", async () => {
      const button = () => screen.queryByRole("button", { name: "Attach files" });
      show(welcome({ limits }));
      await later();
      expect(button()).toBeNull();
      tell(welcome({ limits: takes }));
      await later();
      expect(button()).not.toBeNull();
      const picker = document.querySelector<HTMLInputElement>("input[type=file]");
      expect(picker?.accept).toBe(".pdf,.png");
      expect(picker?.multiple).toBe(true);
    });

    it("sends a file without a word", async () => {
      const attached = [{ ...paper, key: "k", upload: "k" }];
      kit.value = loaded(attached);
      show(welcome({ limits: takes }));
      await later();
      fireEvent.keyDown(field(), { key: "Enter" });
      expect(session.write).toHaveBeenCalledExactlyOnceWith("", attached, undefined);
    });

    it("keeps their place while what draws them is loaded, and shows names as text", async () => {
      const { container } = show(inC(2), facts(opened(), { ...fromAnn(2, ""), files: [paper] }));
      await later();
      const place = container.querySelector<HTMLElement>(".message-body > div");
      expect(place?.style.blockSize).toBe("56px");
      expect(container.querySelector(".bubble")).toBeNull();
      kit.value = loaded();
      await later();
      expect(screen.getByText("<b>paper</b>.pdf")).toBeTruthy();
      expect(container.querySelector("b")).toBeNull();
    });

    it("announces them by name, and says why one failed", async () => {
      kit.value = loaded();
      show(inC(1));
      tell({ ...fromAnn(2, ""), files: [paper] });
      await later();
      expect(screen.getAllByRole("status").at(-1)?.textContent).toBe("Ann: <b>paper</b>.pdf");
      const failed = { client_id: "x", lane: "", text: "", at: 1, state: "failed" } as const;
      const files = [{ ...paper, key: "k", upload: "k" }];
      store.dispatch({ kind: "outbox", messages: [{ ...failed, files, code: "file_type" }] });
      await later();
      expect(screen.getByText("wrong type")).toBeTruthy();
      expect(screen.getAllByRole("status").at(-1)?.textContent).toBe("Not sent: <b>paper</b>.pdf");
    });
  });

  it("asks before it ends a chat; Escape takes the question back before it closes the panel", async () => {
    show(inC(2), facts(opened(), annJoined(2)));
    await later();
    fireEvent.click(screen.getByRole("button", { name: "More" }));
    await later();
    fireEvent.click(screen.getByRole("button", { name: "End chat" }));
    await later();
    expect(document.activeElement).toBe(screen.getByRole("button", { name: "Keep chatting" }));
    fireEvent.keyDown(document, { key: "Escape" });
    await later();
    expect(close).not.toHaveBeenCalled();
    expect(document.activeElement).toBe(field());
    fireEvent.keyDown(document, { key: "Escape" });
    expect(close).toHaveBeenCalledOnce();
    expect(session.end).not.toHaveBeenCalled();
  });

  it("says that the chat has ended and invites to go on", async () => {
    show(inC(3), facts(opened(), fromVera(2, "hi"), closedBy(3, "agent")));
    await later();
    expect(screen.getByText("Ann ended the chat", { selector: ".event" })).toBeTruthy();
    expect(field().placeholder).toBe("Write to start again…");
  });

  it("tells the truth about a lost connection", async () => {
    show(inC(1), opened());
    store.dispatch({ kind: "link", stage: "waiting", code: null });
    await later();
    expect(screen.getByText("Connection lost. Reconnecting…")).toBeTruthy();
    store.dispatch({ kind: "link", stage: "stopped", code: 4503 });
    await later();
    fireEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(session.start).toHaveBeenCalled();
  });
});
