import { MantineProvider } from "@mantine/core";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { afterEach, describe, expect, it } from "vitest";
import type { Api } from "../../api/http";
import type { Site } from "../../api/types";
import { ConsoleProvider } from "../../app/context";
import type { Boot } from "../../boot";
import type { Session } from "../../session/session";
import { createText } from "../../text/text";
import type { OwnTexts as Own } from "../own-words";
import type { Draft, SectionProps } from "../settings";
import { OwnTexts } from "./own-texts";

const t = createText("en");
let own: Own = {};

function Editor({ locale, problem }: { locale: string; problem: string }) {
  const [texts, setTexts] = useState({ own });
  own = texts.own;
  const props = {
    site: { locale } as Site,
    draft: { sections: { texts } } as unknown as Draft,
    set: (_: string, part: { own: Own }) => setTexts(part),
    wrong: (field: string) => (field === problem ? "No such place" : null),
  };
  return <OwnTexts {...(props as unknown as SectionProps)} />;
}

function show(locale = "auto", problem = "") {
  render(
    <MantineProvider env="test">
      <ConsoleProvider
        boot={{} as Boot}
        api={{} as Api}
        session={{} as Session}
        locale="en"
        region="en-GB"
        t={t}
        setLocale={() => undefined}
      >
        <Editor locale={locale} problem={problem} />
      </ConsoleProvider>
    </MantineProvider>,
  );
}

const search = (text: string) =>
  fireEvent.change(screen.getByRole("searchbox"), { target: { value: text } });
const write = (label: string, text: string) =>
  fireEvent.change(screen.getByRole("textbox", { name: label }), { target: { value: text } });

afterEach(() => {
  cleanup();
  own = {};
});

describe("the editor of own texts", () => {
  it("finds a text by our words, takes an own one, and goes back to ours", () => {
    show();
    search("send message");
    write("Send message", "Off it goes");
    expect(own).toEqual({ en: { send: "Off it goes" } });
    fireEvent.click(
      screen.getByRole("button", { name: t("widget.texts.back", { text: "Send message" }) }),
    );
    expect(own).toEqual({});
  });

  it("begins with the site's language and asks for each of its plural forms", () => {
    show("ru");
    search("нового сообщения");
    write("{count} новых сообщения", "{count} весточки");
    expect(own).toEqual({ ru: { new: { few: "{count} весточки" } } });
    expect(screen.getByText(/2, 3, 4 …/)).toBeTruthy();
  });

  it("says which places a text has, and what is wrong beside it", () => {
    show("auto", "texts.own.en.joined");
    search("joined");
    expect(screen.getByText(t("widget.texts.places", { places: "{name}" }))).toBeTruthy();
    expect(screen.getByText("No such place")).toBeTruthy();
  });
});
