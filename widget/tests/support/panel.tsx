// The whole panel over a store of its own, with a session that only notes what is wished of it.

import { signal } from "@preact/signals";
import { cleanup, fireEvent, render, screen } from "@testing-library/preact";
import { afterEach, beforeEach, vi } from "vitest";
import { openDraft } from "../../src/draft";
import type { FileKit } from "../../src/kit";
import type { Late } from "../../src/late";
import { openMuting } from "../../src/muting";
import type { Session } from "../../src/session";
import { createStore, type Store } from "../../src/store";
import en from "../../src/text/en.json";
import { createText } from "../../src/text/text";
import { createTimes } from "../../src/times";
import { loadAfter } from "../../src/view/after";
import { type Chat, ChatProvider } from "../../src/view/context";
import { createEmoji } from "../../src/view/emoji/kit";
import { createForms } from "../../src/view/forms/kit";
import { Panel } from "../../src/view/panel";
import { createTalk } from "../../src/view/talk/kit";
import { memoryShelf, type VisitorServerMessage } from "../../src/wire";
import { type opened, welcome } from "./facts";

export const t = createText("en", en);
const isThere = <Part,>(part: Part): Late<Part> => ({
  part: signal<Part | null>(part),
  load: async () => part,
});

export let store: Store;
export let session: Session;
export let chat: Chat;
export const kit = signal<FileKit | null>(null);
export const close = vi.fn();
export const card = { show: vi.fn(), open: vi.fn() };

beforeEach(async () => {
  vi.stubGlobal("matchMedia", () => ({ matches: false }));
  vi.stubGlobal("fetch", async () => Response.json({ photos: {} }));
  store = createStore(4000);
  const wish = () => vi.fn();
  session = {
    store,
    greeting: signal(null),
    start: wish(),
    nudge: wish(),
    write: wish(),
    typed: wish(),
    retry: wish(),
    remove: wish(),
    seen: wish(),
    earlier: wish(),
    end: wish(),
    rate: vi.fn(async () => ({ ok: {} })),
    shown: wish(),
    looked: wish(),
    moved: wish(),
    identify: wish(),
    describe: wish(),
    answer: wish(),
  };
  const site = {
    key: "KEY",
    name: "Shop",
    color: "",
    position: "left",
    greeting: "Good day!",
    locale: "auto",
    open: true,
    next_opening: null,
    replies_in: null,
    corners: "soft",
    scheme: "auto",
    consent: "on-open",
  } as const;
  const shelf = memoryShelf();
  const muted = openMuting(shelf);
  const photos = signal({});
  const language = { locale: "en", region: "en", own: {}, t } as const;
  const forms = await createForms({ session, shelf, language });
  const { Menu } = await loadAfter({ language, token: () => null, mails: false });
  chat = {
    session,
    site,
    rating: { enabled: true, words: [], reasons_low: [], reasons_high: [] },
    looks: { header_image: "", team: [], welcome: "" },
    mayResume: false,
    t,
    times: createTimes("en", t),
    shelf,
    draft: openDraft(shelf),
    files: { kit, load: vi.fn(async () => kit.value as FileKit), upload: vi.fn() },
    after: isThere({ Rating: () => null, Menu }),
    photos,
    talk: isThere(createTalk({ session, shelf, muted, card, photos, site: site.key })),
    emoji: isThere(createEmoji(shelf)),
    forms: isThere(forms),
    muted,
    quoting: signal(null),
    attention: signal(1),
    close,
  };
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  vi.clearAllMocks();
});

export function show(...frames: VisitorServerMessage[]) {
  store.dispatch({ kind: "shown", on: true });
  if (frames.length > 0) store.dispatch({ kind: "link", stage: "live", code: null });
  tell(...frames);
  return render(
    <ChatProvider value={chat}>
      <Panel />
    </ChatProvider>,
  );
}

export function tell(...frames: VisitorServerMessage[]) {
  for (const frame of frames) store.dispatch({ kind: "frame", frame });
}

export const later = () => new Promise((resolve) => setTimeout(resolve, 20));
export const field = () =>
  screen.getByRole("textbox", { name: "Your message" }) as HTMLTextAreaElement;
export const inC = (seq: number) => welcome({ conversation: { id: "c", seq, phase: "active" } });
export const facts = (...list: ReturnType<typeof opened>[]) =>
  ({ t: "facts", conversation: "c", facts: list }) as const;

export async function type(text: string) {
  fireEvent.input(field(), { target: { value: text } });
  await later();
}
