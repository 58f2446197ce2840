import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { useRef } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Api } from "../api/http";
import { ConsoleProvider } from "../app/context";
import type { Boot } from "../boot";
import type { Session } from "../session/session";
import { createText } from "../text/text";
import { Field } from "./field";

const reply = {
  id: "r",
  shortcut: "refund",
  title: "Refund",
  text: "Refund for {{visitor.name}}.",
  version: 1,
};
const session = { send: vi.fn(), typing: vi.fn() };
const boot = { me: { id: "ann", name: "Ann" }, limits: { text_chars: 40, canned_chars: 40 } };

function Fixture() {
  const ref = useRef<HTMLTextAreaElement>(null);
  return <Field ref={ref} conversation="c" chat={undefined} mode="reply" />;
}

async function writing(): Promise<HTMLTextAreaElement> {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  client.setQueryData(["canned", ""], { items: [reply], next: null });
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={client}>
        <ConsoleProvider
          boot={boot as unknown as Boot}
          api={{ get: async () => ({ items: [reply], next: null }) } as unknown as Api}
          session={session as unknown as Session}
          locale="en"
          region="en"
          t={createText("en")}
          setLocale={() => {}}
        >
          <Fixture />
        </ConsoleProvider>
      </QueryClientProvider>
    </MantineProvider>,
  );
  return screen.getByRole<HTMLTextAreaElement>("textbox");
}

function type(field: HTMLTextAreaElement, text: string): void {
  const caret = text.indexOf("|") === -1 ? text.length : text.indexOf("|");
  field.value = "";
  fireEvent.change(field, { target: { value: text.replace("|", "") } });
  field.setSelectionRange(caret, caret);
  fireEvent.select(field);
}

beforeEach(() => sessionStorage.clear());
// The field measures itself anew when fonts arrive; happy-dom has none.
Object.defineProperty(document, "fonts", { value: new EventTarget() });
afterEach(() => {
  cleanup();
  vi.clearAllMocks();
});

describe("the field", () => {
  it("sends with Enter, and is empty then", async () => {
    const field = await writing();
    type(field, " Hello ");
    fireEvent.keyDown(field, { key: "Enter" });
    expect(session.send).toHaveBeenCalledWith({ conversation: "c", text: "Hello", private: false });
    expect(field.value).toBe("");
  });

  it("does not send with Shift+Enter, nor while an input method composes, nor too much", async () => {
    const field = await writing();
    type(field, "Hello");
    fireEvent.keyDown(field, { key: "Enter", shiftKey: true });
    fireEvent.keyDown(field, { key: "Enter", isComposing: true });
    fireEvent.keyDown(field, { key: "Enter", keyCode: 229 });
    type(field, "x".repeat(41));
    fireEvent.keyDown(field, { key: "Enter" });
    expect(session.send).not.toHaveBeenCalled();
  });

  it("inserts a canned reply at the cursor and keeps the rest, and warns of a hole", async () => {
    const field = await writing();
    type(field, "Dear you, /ref| Bye");
    fireEvent.keyDown(field, { key: "Enter" });
    expect(field.value).toBe("Dear you, Refund for . Bye");
    expect(session.send).not.toHaveBeenCalled();
    expect(screen.getByRole("status").textContent).toContain("Visitor's name");
  });

  it("leaves the text alone on Escape, and Enter sends again", async () => {
    const field = await writing();
    type(field, "a /ref");
    expect(screen.getByRole("listbox")).toBeDefined();
    fireEvent.keyDown(field, { key: "Escape" });
    expect(field.value).toBe("a /ref");
    expect(screen.queryByRole("listbox")).toBeNull();
    fireEvent.keyDown(field, { key: "Enter" });
    expect(session.send).toHaveBeenCalledOnce();
  });

  it("keeps the draft of a chat over a reload", async () => {
    type(await writing(), "half a thought");
    cleanup();
    expect((await writing()).value).toBe("half a thought");
  });
});
