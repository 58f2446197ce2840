import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Api } from "../api/http";
import { ConsoleProvider } from "../app/context";
import type { Boot } from "../boot";
import type { Session } from "../session/session";
import { createText } from "../text/text";
import { MailScreen } from "./screen";
import type { Mail, MailStatus } from "./types";

const t = createText("en");
const AT = "2026-03-02T09:00:00.000Z";
const on: MailStatus = {
  configured: true,
  from: "Shop <chat@shop.example>",
  host: "mail.example",
  port: 587,
  security: "starttls",
  counts: { queued: 1, sent: 0, failed: 1 },
};
const off: MailStatus = {
  configured: false,
  from: "",
  host: "",
  port: null,
  security: null,
  counts: { queued: 0, sent: 0, failed: 0 },
};
const failed: Mail = {
  id: "f",
  kind: "invitation",
  to: "bo@new.example",
  subject: "Adam invites you",
  state: "failed",
  attempts: 1,
  next_at: null,
  error: "550 no such mailbox",
  created_at: AT,
  updated_at: AT,
};
const waiting: Mail = {
  ...failed,
  id: "w",
  to: "al@new.example",
  state: "queued",
  attempts: 2,
  next_at: AT,
  error: "451 later",
};
const fresh: Mail = { ...waiting, id: "n", to: "cy@new.example", attempts: 0, error: "" };

function show(status: MailStatus, items: readonly Mail[]) {
  const api = {
    get: vi.fn(async (path: string) => (path.endsWith("/status") ? status : { items, next: null })),
    post: vi.fn(async () => waiting),
    patch: vi.fn(async () => waiting),
    remove: vi.fn(async () => undefined),
  };
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={client}>
        <ConsoleProvider
          boot={{ me: { email: "adam@acme.example" } } as Boot}
          api={api as unknown as Api}
          session={{} as Session}
          locale="en"
          region="en-GB"
          t={t}
          setLocale={() => undefined}
        >
          <MailScreen />
        </ConsoleProvider>
      </QueryClientProvider>
    </MantineProvider>,
  );
  return api;
}

const press = async (name: string) => fireEvent.click(await screen.findByRole("button", { name }));

afterEach(cleanup);

describe("the mail screen", () => {
  it("says when nothing is configured, and what to set", async () => {
    show(off, []);
    expect(await screen.findByText(t("mail.off"))).toBeTruthy();
    expect(screen.getByText(/CHATSERVER_SMTP_HOST/)).toBeTruthy();
    expect(screen.queryByRole("button", { name: t("mail.test") })).toBeNull();
  });

  it("names the server and sends a test to whoever asks", async () => {
    const api = show(on, []);
    expect(await screen.findByText("mail.example:587")).toBeTruthy();
    expect(screen.getByText(/adam@acme\.example/)).toBeTruthy();
    await press(t("mail.test"));
    await waitFor(() => expect(api.post).toHaveBeenCalledWith("/api/mail/test"));
  });

  it("shows what the server said, and tries again or discards", async () => {
    const api = show(on, [failed, waiting]);
    expect(await screen.findByText("550 no such mailbox")).toBeTruthy();
    expect(screen.getByText(/2 tries so far/)).toBeTruthy();
    await press(t("mail.retry.label", { to: failed.to }));
    await waitFor(() =>
      expect(api.patch).toHaveBeenCalledWith("/api/mail/outbox/f", { state: "queued" }),
    );
    await press(t("mail.discard.label", { to: waiting.to }));
    await waitFor(() => expect(api.remove).toHaveBeenCalledWith("/api/mail/outbox/w"));
  });

  it("offers no second try for what has not been tried", async () => {
    show(on, [fresh]);
    await screen.findByText(/cy@new\.example/);
    expect(
      screen.queryByRole("button", { name: t("mail.retry.label", { to: fresh.to }) }),
    ).toBeNull();
  });

  it("asks for one state when only that is wanted", async () => {
    const api = show(on, [failed]);
    fireEvent.click(await screen.findByText(`${t("mail.failed")} 1`));
    await waitFor(() =>
      expect(api.get).toHaveBeenCalledWith(
        "/api/mail/outbox",
        expect.objectContaining({ state: "failed" }),
        expect.anything(),
      ),
    );
  });
});
