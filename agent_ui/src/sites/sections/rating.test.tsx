import { MantineProvider } from "@mantine/core";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Api } from "../../api/http";
import type { Site } from "../../api/types";
import { ConsoleProvider } from "../../app/context";
import type { Boot } from "../../boot";
import type { Session } from "../../session/session";
import { createText } from "../../text/text";
import type { Draft, Sections } from "../settings";
import { RatingSection } from "./rating";

const t = createText("en");
let rating: Sections["rating"];

function Form() {
  const [held, setHeld] = useState(rating);
  rating = held;
  return (
    <RatingSection
      site={{} as Site}
      draft={{ sections: { rating: held } } as Draft}
      setLook={vi.fn()}
      set={(_, part) => setHeld({ ...held, ...(part as Partial<Sections["rating"]>) })}
      show={vi.fn()}
      wrong={() => null}
    />
  );
}

beforeEach(() => {
  rating = { enabled: true, words: [], reasons_low: [], reasons_high: [] };
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
        <Form />
      </ConsoleProvider>
    </MantineProvider>,
  );
});

afterEach(cleanup);

const type = (label: string, value: string) =>
  fireEvent.change(screen.getByLabelText(label), { target: { value } });

it("keeps five words or none", () => {
  type(t("widget.rating.word", { score: 5 }), "Best");
  expect(rating.words).toEqual(["", "", "", "", "Best"]);
  type(t("widget.rating.word", { score: 5 }), "");
  expect(rating.words).toEqual([]);
});

it("takes a reason a line, and lets a line be begun", () => {
  const label = t("widget.rating.reasons_high");
  type(label, "Free tea\n");
  expect(rating.reasons_high).toEqual(["Free tea"]);
  expect(screen.getByLabelText<HTMLTextAreaElement>(label).value).toBe("Free tea\n");
  type(label, "Free tea\n\nCups");
  expect(rating.reasons_high).toEqual(["Free tea", "Cups"]);
});

it("switches the question off", () => {
  fireEvent.click(screen.getByRole("switch"));
  expect(rating.enabled).toBe(false);
});
