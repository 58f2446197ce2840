import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { afterEach, expect, it, vi } from "vitest";
import type { Api } from "../../api/http";
import type { Site } from "../../api/types";
import { ConsoleProvider } from "../../app/context";
import type { Boot } from "../../boot";
import type { Session } from "../../session/session";
import { createText } from "../../text/text";
import type { Draft, Sections, Teammate } from "../settings";
import { Team } from "./team";

const t = createText("en");
const people = [
  { id: "ann", name: "Ann Lee", email: "ann@shop.example", disabled: false },
  { id: "bob", name: "Bob", email: "bob@shop.example", disabled: false },
  { id: "carl", name: "Carl", email: "carl@shop.example", disabled: true },
];
let team: Teammate[];

function Form() {
  const [held, setHeld] = useState(team);
  team = held;
  return (
    <Team
      site={{ stage_url: "https://chat.example/stage" } as Site}
      draft={{ sections: { looks: { team: held } } } as Draft}
      setLook={vi.fn()}
      set={(_, part) => setHeld((part as Partial<Sections["looks"]>).team ?? [])}
      show={vi.fn()}
      wrong={() => null}
    />
  );
}

async function show(...mates: Teammate[]) {
  team = mates;
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={new QueryClient()}>
        <ConsoleProvider
          boot={{} as Boot}
          api={{ get: async () => ({ items: people }) } as unknown as Api}
          session={{} as Session}
          locale="en"
          region="en-GB"
          t={t}
          setLocale={() => undefined}
        >
          <Form />
        </ConsoleProvider>
      </QueryClientProvider>
    </MantineProvider>,
  );
  await screen.findAllByRole("option", { name: /^Bob/ });
}

const select = () => screen.getByLabelText(t("widget.team.agent", { number: 1 }));
const choose = (value: string) => fireEvent.change(select(), { target: { value } });
const offered = () => screen.getAllByRole("option").map((option) => option.textContent);

afterEach(cleanup);

it("gives a face to a colleague, by id, and proposes their name", async () => {
  await show({ name: "", photo: "p", agent: "" });
  expect(offered()).toEqual([
    "No colleague",
    "Ann Lee (ann@shop.example)",
    "Bob (bob@shop.example)",
  ]);
  choose("ann");
  expect(team).toEqual([{ name: "Ann Lee", photo: "p", agent: "ann" }]);
  choose("");
  expect(team).toEqual([{ name: "Ann Lee", photo: "p", agent: "" }]);
});

it("leaves the name that the site has for somebody", async () => {
  await show({ name: "Annie", photo: "", agent: "" });
  choose("ann");
  expect(team).toEqual([{ name: "Annie", photo: "", agent: "ann" }]);
});

it("shows somebody who left for as long as they are chosen", async () => {
  await show({ name: "Carl", photo: "p", agent: "carl" });
  expect((select() as HTMLSelectElement).value).toBe("carl");
  choose("bob");
  expect(offered()).not.toContain("Carl (carl@shop.example)");
});
