import { MantineProvider } from "@mantine/core";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { CommandsProvider } from "../app/commands";
import { ConsoleProvider } from "../app/context";
import { createText } from "../text/text";
import type { Fact } from "../wire";
import { Answer, QuoteChip, Quoted } from "./quote";
import { QuotingProvider, useQuoted } from "./quoting";
import type { Mode } from "./use-draft";

const t = createText("en");
const said: Fact = {
  t: "fact",
  conversation: "c",
  seq: 2,
  kind: "message.sent",
  from: { kind: "visitor", id: "vera", name: "Vera" },
  at: "2026-11-22T12:00:00.000Z",
  text: "<b>Which</b> tea?",
};
const note: Fact = { ...said, seq: 3, private: true, text: "likes it strong" };

function Above({ mode }: { mode: Mode }) {
  const { quoted, clear } = useQuoted(mode);
  return (
    <section aria-label={mode}>
      {quoted && <QuoteChip fact={quoted} me="ann" clear={clear} />}
    </section>
  );
}

function show() {
  const parts = { locale: "en", region: "en", t, setLocale: () => {} };
  render(
    <MantineProvider env="test">
      <ConsoleProvider {...(parts as unknown as Parameters<typeof ConsoleProvider>[0])}>
        <CommandsProvider>
          <QuotingProvider>
            <Answer fact={said} />
            <Answer fact={note} />
            <Above mode="reply" />
            <Above mode="note" />
            <Quoted seq={2} facts={[said, note]} me="ann" />
            <Quoted seq={1} facts={[said, note]} me="ann" />
          </QuotingProvider>
          <Answer fact={said} />
        </CommandsProvider>
      </ConsoleProvider>
    </MantineProvider>,
  );
}

const above = (mode: Mode) => screen.getByRole("region", { name: mode }).textContent;
const answers = () => screen.getAllByRole("button", { name: t("thread.answer") });

afterEach(cleanup);

it("what is answered stands above the field, as text, until it is taken back", () => {
  show();
  fireEvent.click(answers()[0] as HTMLElement);
  expect(above("reply")).toBe("Vera<b>Which</b> tea?");
  const [cancel] = screen.getAllByRole("button", { name: t("thread.quote.cancel") });
  fireEvent.click(cancel as HTMLElement);
  expect(above("reply")).toBe("");
});

it("a note is answered in notes alone", () => {
  show();
  fireEvent.click(answers()[1] as HTMLElement);
  expect([above("reply"), above("note")]).toEqual(["", "Veralikes it strong"]);
});

it("nothing can be answered where no chat is open", () => {
  show();
  expect(answers()).toHaveLength(2);
});

it("a quote shows what it is of, or that it lies further back", () => {
  show();
  expect(screen.getByText("<b>Which</b> tea?")).toBeDefined();
  expect(screen.getByText(t("thread.quote.earlier"))).toBeDefined();
});
