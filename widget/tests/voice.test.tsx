import { cleanup, render, screen } from "@testing-library/preact";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Session } from "../src/session";
import { createStore, type Store } from "../src/store";
import { createText } from "../src/text/text";
import en from "../src/view/files/text/en.json";
import type { Tools } from "../src/view/files/tools";
import { Voice } from "../src/view/files/voice";
import type { Outgoing } from "../src/wire";
import { fromVera, opened, welcome } from "./support/facts";
import { file } from "./support/files";

let store: Store;

beforeEach(() => {
  store = createStore(4000);
  const tools = { session: { store } as Session, t: createText("en", en) } as Tools;
  render(<Voice tools={tools} />);
});

afterEach(cleanup);

async function said(...messages: Partial<Outgoing>[]): Promise<string | null> {
  const whole = { client_id: "v1", lane: "", text: "", at: 1, state: "waiting" } as const;
  const files = [file("a"), file("b")];
  store.dispatch({ kind: "outbox", messages: messages.map((m) => ({ ...whole, files, ...m })) });
  await new Promise((resolve) => setTimeout(resolve, 5));
  return screen.getByRole("status").textContent;
}

it("says that files are on their way, held up, and there; and nothing of plain messages", async () => {
  expect(await said({ client_id: "v0", files: undefined, text: "hello" })).toBe("");
  expect(await said({})).toBe("Sending a.pdf, b.pdf");
  expect(await said({ state: "waiting", held: 1 })).toContain("not sent yet");
  expect(await said({ state: "sending", held: 0 })).toContain("not sent yet"); // nothing new to say
  for (const frame of [
    welcome({ conversation: { id: "c", seq: 2, phase: "queued" } }),
    opened(),
    fromVera(2, "", "v1"),
  ])
    store.dispatch({ kind: "frame", frame });
  expect(await said()).toBe("a.pdf, b.pdf: sent");
});

it("does not call sent what was deleted or failed", async () => {
  expect(await said({})).toBe("Sending a.pdf, b.pdf");
  expect(await said({ state: "failed" })).toBe("Sending a.pdf, b.pdf");
  expect(await said()).toBe("Sending a.pdf, b.pdf");
});
