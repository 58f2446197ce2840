import { type Attachments, createAttachments } from "@chat/widget/files";
import { memoryShelf } from "@chat/widget/wire";
import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
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
const limits = { files: 2, file_bytes: 10, file_types: [".txt"] };
const state = { limits };
let attachments: Attachments;
const session = {
  send: vi.fn(),
  typing: vi.fn(),
  desk: { attachments: () => attachments },
  store: { get: () => state, subscribe: () => () => {} },
};
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

function attach(): Attachments {
  let ids = 0;
  return createAttachments({
    limits: () => limits,
    vault: { put: async () => {}, get: async () => new Blob(), remove: async () => {} },
    pictures: { drop: () => {} },
    shelf: memoryShelf(),
    name: "files",
    measure: async () => null,
    newId: () => {
      ids += 1;
      return `k${ids}`;
    },
  });
}

beforeEach(() => {
  sessionStorage.clear();
  attachments = attach();
});
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
    const message = {
      conversation: "c",
      text: "Hello",
      private: false,
      files: [],
      quote: undefined,
    };
    expect(session.send).toHaveBeenCalledWith(message);
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

  it("shows what is attached and what is not, and sends it without a word", async () => {
    const field = await writing();
    const picker = document.querySelector<HTMLInputElement>("input[type=file]");
    const chosen = [new File(["tea"], "<i>tea</i>.txt"), new File(["x"], "x.exe")];
    fireEvent.change(picker as HTMLInputElement, { target: { files: chosen } });
    expect(screen.getByRole("list", { name: "Attached files" }).textContent).toBe(
      "TXT<i>tea</i>.txt3 bytes",
    );
    expect(screen.getByRole("alert").textContent).toBe(
      "x.exe can’t be sent: this type of file isn’t accepted.",
    );
    fireEvent.keyDown(field, { key: "Enter" });
    expect(session.send).toHaveBeenCalledWith(
      expect.objectContaining({ text: "", files: [expect.objectContaining({ key: "k1" })] }),
    );
    expect(screen.queryByRole("list", { name: "Attached files" })).toBeNull();
  });

  it("moves the focus on when a file is removed", async () => {
    const field = await writing();
    act(() => attachments.add([new File(["a"], "a.txt"), new File(["b"], "b.txt")]));
    fireEvent.click(screen.getByRole("button", { name: "Remove a.txt" }));
    expect(document.activeElement).toBe(screen.getByRole("button", { name: "Remove b.txt" }));
    fireEvent.click(screen.getByRole("button", { name: "Remove b.txt" }));
    expect(document.activeElement).toBe(field);
  });

  it("keeps the draft of a chat over a reload", async () => {
    type(await writing(), "half a thought");
    cleanup();
    expect((await writing()).value).toBe("half a thought");
  });
});
