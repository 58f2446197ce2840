import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Api, ApiError } from "../api/http";
import { ConsoleProvider } from "../app/context";
import type { Boot } from "../boot";
import type { Session } from "../session/session";
import { createText } from "../text/text";
import { HoursForm } from "./form";
import type { Hours, Pair } from "./types";

const t = createText("en");
const office: readonly Pair[] = [["09:00", "17:00"]];
const hours: Hours = {
  zone: "Asia/Shanghai",
  always: false,
  week: [office, office, office, office, office, [], []],
  holidays: [],
  workdays: [],
  version: 3,
  open: true,
  next_opening: null,
};
const put = vi.fn();
const restart = vi.fn();

function show(given: Hours = hours) {
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={new QueryClient()}>
        <ConsoleProvider
          boot={{} as Boot}
          api={{ put } as unknown as Api}
          session={{} as Session}
          locale="en"
          region="en-GB"
          t={t}
          setLocale={() => undefined}
        >
          <HoursForm site="shop" hours={given} restart={restart} />
        </ConsoleProvider>
      </QueryClientProvider>
    </MantineProvider>,
  );
}

const press = (name: string) => fireEvent.click(screen.getByRole("button", { name }));
const day = (name: string) => within(screen.getByRole("group", { name }));
const sent = () => put.mock.calls.at(-1)?.[1] as Hours;

async function save() {
  press(t("common.save"));
  await waitFor(() => expect(put).toHaveBeenCalled());
}

beforeEach(() => {
  put.mockImplementation(async (_path: string, body: Hours) => ({
    ...body,
    version: body.version + 1,
  }));
});

afterEach(() => {
  cleanup();
  vi.clearAllMocks();
});

describe("the hours of a site", () => {
  it("are saved over the version that was seen, then over the new one", async () => {
    show();
    await save();
    expect(put).toHaveBeenCalledWith("/api/sites/shop/hours", expect.objectContaining(hours6()));
    put.mockClear();
    await waitFor(() => expect(screen.queryByRole("alert")).toBeNull());
    await save();
    expect(sent().version).toBe(4);
  });

  it("take another interval, and lose it again", async () => {
    show();
    fireEvent.click(day("Saturday").getByRole("button", { name: t("hours.add") }));
    fireEvent.change(day("Saturday").getByLabelText(t("hours.to")), { target: { value: "00:00" } });
    await save();
    expect(sent().week[5]).toEqual([["09:00", "24:00"]]);
    const remove = t("hours.remove", { from: "09:00", to: "17:00" });
    fireEvent.click(day("Monday").getByRole("button", { name: remove }));
    expect(day("Monday").getByText(t("hours.closed"))).toBeTruthy();
  });

  it("take holidays and special days", async () => {
    show();
    press(t("hours.holidays.add"));
    press(t("hours.workdays.add"));
    await save();
    expect(sent().holidays).toHaveLength(1);
    expect(sent().workdays[0]?.hours).toEqual([["09:00", "17:00"]]);
  });

  it("say beside the day what is wrong with it", async () => {
    put.mockRejectedValue(
      new ApiError({ code: "invalid", message: "", fields: { "week[1]": "overlap" } }),
    );
    show();
    await save();
    await waitFor(() => expect(day("Tuesday").getByRole("alert")).toBeTruthy());
    expect(day("Tuesday").getByText(t("field.overlap"))).toBeTruthy();
    expect(day("Monday").queryByRole("alert")).toBeNull();
  });

  it("offer the newer ones when a colleague was faster", async () => {
    put.mockRejectedValue(new ApiError({ code: "conflict", message: "" }));
    show();
    await save();
    fireEvent.click(await screen.findByRole("button", { name: t("hours.restart") }));
    expect(restart).toHaveBeenCalledOnce();
  });

  it("are one switch when it is always open", () => {
    show({ ...hours, always: true });
    expect(screen.queryByRole("group", { name: "Monday" })).toBeNull();
    fireEvent.click(screen.getByRole("switch"));
    expect(screen.getByRole("group", { name: "Monday" })).toBeTruthy();
    expect(screen.getAllByRole("listitem").length).toBeGreaterThanOrEqual(7 + 14);
  });
});

function hours6() {
  const { open: _, next_opening: __, ...plan } = hours;
  return plan;
}
