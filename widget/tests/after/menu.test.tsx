import { signal } from "@preact/signals";
import { act, cleanup, fireEvent, render, screen, waitFor } from "@testing-library/preact";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Session } from "../../src/session";
import { createStore, type Store } from "../../src/store";
import mainWords from "../../src/text/en.json";
import { createText } from "../../src/text/text";
import { createTimes } from "../../src/times";
import { Menu } from "../../src/view/after/menu";
import { type Own, offsetOf, openOwn } from "../../src/view/after/own";
import en from "../../src/view/after/text/en.json";
import { AfterWordsProvider } from "../../src/view/after/words";
import { type Chat, ChatProvider } from "../../src/view/context";
import { closedBy, fromAnn, fromVera, opened, welcome } from "../support/facts";

const chat = {
  conversation: "old",
  agents: ["Ann"],
  opened_at: "2026-11-01T09:00:00.000Z",
  last_at: "2026-11-01T09:10:00.000Z",
  messages: 2,
  can_continue: true,
};
let store: Store;
let own: Own;
const onClose = vi.fn();
const onEnd = vi.fn();

beforeEach(() => {
  store = createStore(4000);
  own = {
    list: vi.fn(async () => ({ items: [chat], next: null })),
    read: vi.fn(async (_, after) => ({
      ...chat,
      facts: after ? [fromAnn(3, "Second page")] : [opened(), fromVera(2, "<b>First</b>")],
      next_seq: after ? null : 2,
    })),
    save: vi.fn(async () => {}),
    mail: vi.fn(async () => "sent" as const),
  };
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  vi.clearAllMocks();
});

function talk() {
  for (const frame of [
    welcome({ conversation: { id: "c", seq: 2, phase: "active" } }),
    opened(),
    fromVera(2, "Hi"),
  ])
    store.dispatch({ kind: "frame", frame });
}

function show(mails = true) {
  const times = createTimes("en", createText("en", mainWords));
  const value = {
    session: { store } as Session,
    times,
    site: { name: "Shop" },
    muted: signal(false),
    t: createText("en", mainWords),
  } as Chat;
  return render(
    <ChatProvider value={value}>
      <AfterWordsProvider value={createText("en", en)}>
        <Menu own={own} mails={mails} onClose={onClose} onEnd={onEnd} />
      </AfterWordsProvider>
    </ChatProvider>,
  );
}

async function click(text: string): Promise<void> {
  const found = await screen.findByText(text);
  await act(async () => void fireEvent.click(found));
}

it("offers only what can be had", () => {
  show();
  expect(screen.queryByText(en["menu.text"])).toBeNull();
  expect(screen.getByText(en["menu.past"])).toBe(document.activeElement);
  cleanup();
  talk();
  show(false);
  expect(screen.getByText(en["menu.text"])).toBeTruthy();
  expect(screen.queryByText(en["menu.mail"])).toBeNull();
});

it("ends a chat that goes on, and none that is over or out of reach", async () => {
  show();
  expect(screen.queryByText(mainWords.end)).toBeNull();
  cleanup();
  talk();
  show();
  expect(screen.queryByText(mainWords.end)).toBeNull();
  cleanup();
  store.dispatch({ kind: "link", stage: "live", code: null });
  show();
  await click(mainWords.end);
  expect(onEnd).toHaveBeenCalledOnce();
  cleanup();
  store.dispatch({ kind: "frame", frame: closedBy(3, "agent") });
  show();
  expect(screen.queryByText(mainWords.end)).toBeNull();
});

it("saves the chat, and says when that did not work", async () => {
  talk();
  show();
  await click(en["menu.page"]);
  expect(own.save).toHaveBeenCalledWith("c", "page");
  expect(onClose).toHaveBeenCalled();
  vi.mocked(own.save).mockRejectedValueOnce(new Error("503"));
  await click(en["menu.text"]);
  expect(screen.getByRole("alert").textContent).toBe(en["save.failed"]);
});

it("mails the chat to the address that was typed", async () => {
  talk();
  show();
  vi.mocked(own.mail).mockResolvedValueOnce("wrong").mockResolvedValueOnce("busy");
  await click(en["menu.mail"]);
  const field = screen.getByLabelText(en["mail.to"]);
  fireEvent.input(field, { target: { value: "vera@mail.example" } });
  for (const said of [en["mail.wrong"], en["mail.busy"]]) {
    await click(en["mail.send"]);
    await waitFor(() => expect(screen.getByRole("alert").textContent).toBe(said));
  }
  await click(en["mail.send"]);
  await waitFor(() =>
    expect(screen.getByRole("status").textContent).toContain("vera@mail.example"),
  );
  expect(own.mail).toHaveBeenLastCalledWith("c", "vera@mail.example");
});

it("lists earlier chats, reads one page by page as text, and goes on", async () => {
  show();
  vi.mocked(own.list).mockRejectedValueOnce(new Error("503"));
  await click(en["menu.past"]);
  await click(en["past.retry"]);
  await click("Ann");
  await waitFor(() => expect(screen.getByText("<b>First</b>")).toBeTruthy());
  await click(en["past.more"]);
  expect(own.read).toHaveBeenLastCalledWith("old", 2);
  expect(await screen.findByText("Second page")).toBeTruthy();
  expect(screen.queryByText(en["past.more"])).toBeNull();
  await click(en["past.continue"]);
  expect(onClose).toHaveBeenCalled();
});

it("asks the server with the visitor's token", async () => {
  const asked = vi.fn(async (_: string, __?: RequestInit) => new Response("{}", { status: 429 }));
  vi.stubGlobal("fetch", asked);
  expect(await openOwn(() => "T", "zh-CN").mail("a/b", "v@mail.example")).toBe("busy");
  const [path, init] = asked.mock.calls[0] ?? [];
  expect(path).toMatch(/^\/visitor\/conversations\/a%2Fb\/mail\?lang=zh-CN&tz=/);
  expect(init).toMatchObject({ method: "POST", headers: { Authorization: "Bearer T" } });
  await expect(openOwn(() => null, "en").list(null)).rejects.toThrow("429");
  expect(offsetOf(-480)).toBe("+08:00");
});
