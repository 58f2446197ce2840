import { act, cleanup, fireEvent, render, screen, waitFor } from "@testing-library/preact";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Rated, Session } from "../../src/session";
import { createStore, type Store } from "../../src/store";
import { createText } from "../../src/text/text";
import { Rating } from "../../src/view/after/rating";
import en from "../../src/view/after/text/en.json";
import { AfterWordsProvider } from "../../src/view/after/words";
import { type Chat, ChatProvider } from "../../src/view/context";
import { memoryShelf, type Outcome, type Shelf } from "../../src/wire";
import { closedBy, fact, fromAnn, opened, welcome } from "../support/facts";

let store: Store;
let shelf: Shelf;
let answer: (outcome: Outcome) => void;
const rate = vi.fn(
  (_: Rated) =>
    new Promise<Outcome>((resolve) => {
      answer = resolve;
    }),
);

beforeEach(() => {
  store = createStore(4000);
  shelf = memoryShelf();
  store.dispatch({ kind: "link", stage: "live", code: null });
  tell(welcome({ conversation: { id: "c", seq: 3, phase: "closed" } }));
  for (const one of [opened(), fromAnn(2, "Hello"), closedBy(3, "agent")]) tell(one);
});

afterEach(() => {
  cleanup();
  vi.clearAllMocks();
});

function tell(
  frame: Parameters<Store["dispatch"]>[0] extends infer A
    ? A extends { frame: infer F }
      ? F
      : never
    : never,
) {
  act(() => store.dispatch({ kind: "frame", frame }));
}

function show() {
  const rating = { enabled: true, words: [], reasons_low: [], reasons_high: [] };
  const chat = { session: { store, rate } as unknown as Session, rating, shelf } as unknown as Chat;
  return render(
    <ChatProvider value={chat}>
      <AfterWordsProvider value={createText("en", en)}>
        <Rating />
      </AfterWordsProvider>
    </ChatProvider>,
  );
}

const press = (name: string | RegExp) => fireEvent.click(screen.getByLabelText(name));

function fill() {
  press("4 of 5, Good");
  press("Yes");
  press("Friendly");
  fireEvent.input(screen.getByLabelText(/Anything else/), { target: { value: "Lovely" } });
  fireEvent.click(screen.getByText("Send rating"));
}

it("sends score, resolution, reasons and comment, and thanks with what was said", async () => {
  show();
  fill();
  expect(rate).toHaveBeenCalledTimes(1);
  const said = {
    conversation: "c",
    score: 4,
    resolved: true,
    reasons: ["kind"],
    comment: "Lovely",
  };
  expect(rate.mock.calls[0]?.[0]).toMatchObject(said);
  const from = { kind: "visitor" } as const;
  tell(
    fact(4, "csat.rated", {
      from,
      rating: { score: 4, resolved: true, reasons: ["kind"] },
      text: "Lovely",
    }),
  );
  await act(async () => answer({ ok: {} }));
  expect(screen.getByRole("status").textContent).toContain("4 of 5, Good");
  fireEvent.click(screen.getByText("Change"));
  expect(screen.getByLabelText<HTMLInputElement>("Yes").checked).toBe(true);
  expect(screen.getByLabelText<HTMLInputElement>(/Anything else/).value).toBe("Lovely");
});

it("sends it again under the same name when the line breaks, also after a reload", async () => {
  const first = show();
  fill();
  await act(async () => answer({ error: { code: "disconnected", message: "", temporary: true } }));
  first.unmount();
  show();
  await waitFor(() => expect(rate).toHaveBeenCalledTimes(2));
  expect(rate.mock.calls[1]?.[0].client_id).toBe(rate.mock.calls[0]?.[0].client_id);
});

it("says that it is too late", async () => {
  show();
  fill();
  await act(async () => answer({ error: { code: "rating_over", message: "" } }));
  expect(screen.getByRole("status").textContent).toBe(en["rating.over"]);
});

it("can be skipped, for good", () => {
  const first = show();
  fireEvent.click(screen.getByText("Not now"));
  expect(screen.queryByText(en["rating.ask"])).toBeNull();
  first.unmount();
  show();
  expect(screen.queryByText(en["rating.ask"])).toBeNull();
  tell(fact(4, "csat.asked", { from: { kind: "agent", name: "Ann" } }));
  expect(screen.getByText(en["rating.ask"])).toBeTruthy();
});
