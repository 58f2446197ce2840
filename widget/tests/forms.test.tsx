import { fireEvent, screen, waitFor } from "@testing-library/preact";
import { expect, it, type Mock } from "vitest";
import type { FormAsk } from "../src/wire";
import { welcome } from "./support/facts";
import { chat, field, later, session, show, tell } from "./support/panel";

const BEFORE: FormAsk = {
  fields: [
    { key: "name", kind: "name" },
    { key: "email", kind: "email", required: true },
    { key: "topic", kind: "topic", required: true, options: ["Orders", "Returns"] },
    { key: "order", kind: "text", label: "Order number" },
    { key: "gift", kind: "checkbox", label: "It is a gift" },
  ],
  consent: { text: "I agree", version: "2026-01", link: "https://shop.example/privacy" },
};
const OFFLINE: FormAsk = { fields: [{ key: "email", kind: "email", required: true }], mails: true };

const answer = () => session.answer as Mock;
const box = (name: RegExp) => screen.getByRole("textbox", { name });
const write = (name: RegExp, value: string) => fireEvent.input(box(name), { target: { value } });

async function send(name: string) {
  fireEvent.click(screen.getByRole("button", { name }));
  await later();
}

it("stands where the visitor would write, until there is a chat", () => {
  show(welcome({ before: BEFORE }));
  expect(screen.getByRole("form", { name: "Before we start" })).toBeTruthy();
  expect(screen.queryByRole("textbox", { name: "Your message" })).toBeNull();
  tell(welcome({ conversation: { id: "c", seq: 0, phase: "queued" } }));
  return waitFor(() => expect(field()).toBeTruthy());
});

it("asks the server who is there, not the hours that the page was loaded with", () => {
  chat.site = { ...chat.site, open: false };
  show(welcome({ availability: "online", offline: OFFLINE }));
  expect(screen.queryByText("Leave message")).toBeNull();
  expect(field()).toBeTruthy();
});

it("stands behind nothing to write in that would be gone in a moment", () => {
  chat.site = { ...chat.site, asks: true };
  show();
  expect(screen.queryByRole("textbox", { name: "Your message" })).toBeNull();
  tell(welcome());
  return waitFor(() => expect(field()).toBeTruthy());
});

it("names what is missing, each beside its field, and goes to the first", async () => {
  show(welcome({ before: BEFORE }));
  await send("Start chat");
  expect(answer()).not.toHaveBeenCalled();
  const email = box(/^E-mail/);
  await waitFor(() => expect(document.activeElement).toBe(email));
  expect(email.getAttribute("aria-invalid")).toBe("true");
  const why = document.getElementById(email.getAttribute("aria-describedby") ?? "");
  expect(why?.textContent).toBe("Please fill this in.");
  expect(screen.getByText("Please agree first.")).toBeTruthy();
  write(/^E-mail/, "vera@");
  await send("Start chat");
  expect(screen.getByText("This doesn’t look like an e-mail address.")).toBeTruthy();
});

it("sends what was answered, what was left empty too, and forgets the draft", async () => {
  answer().mockResolvedValue(null);
  show(welcome({ before: BEFORE }));
  write(/^Your name/, "Vera");
  write(/^E-mail/, "vera@x.example");
  fireEvent.change(screen.getByRole("combobox"), { target: { value: "Returns" } });
  fireEvent.click(screen.getByRole("checkbox", { name: "I agree" }));
  await later();
  expect(JSON.parse(chat.shelf.get("form") ?? "{}")).toMatchObject({ name: "Vera" });
  await send("Start chat");
  expect(answer()).toHaveBeenCalledWith(
    {
      name: "Vera",
      email: "vera@x.example",
      answers: { topic: "Returns", order: "", gift: "" },
      consent: "2026-01",
      offline: false,
    },
    undefined,
  );
  expect(chat.shelf.get("form")).toBeNull();
});

it("shows what the server found wrong", async () => {
  answer().mockResolvedValue({ code: "invalid", message: "", fields: { email: "not_an_email" } });
  chat.shelf.set("form", JSON.stringify({ email: "v@x", topic: "Orders", consent: "yes" }));
  show(welcome({ before: BEFORE }));
  expect((box(/^E-mail/) as HTMLInputElement).value).toBe("v@x");
  await send("Start chat");
  expect(screen.getByText("This doesn’t look like an e-mail address.")).toBeTruthy();
  answer().mockResolvedValue({ code: "unavailable", message: "", temporary: true });
  write(/^E-mail/, "v@x.example");
  await send("Start chat");
  expect(screen.getByRole("alert").textContent).toBe("That didn’t work. Please try again.");
});

it("is made for phones and for browsers that fill in forms", () => {
  show(welcome({ before: BEFORE }));
  const email = box(/^E-mail/);
  expect([email.getAttribute("type"), email.getAttribute("autocomplete")]).toEqual([
    "email",
    "email",
  ]);
  expect(box(/^Your name/).getAttribute("autocomplete")).toBe("name");
});

it("takes a message where nobody is, and says the truth about the answer", async () => {
  answer().mockResolvedValue(null);
  show(welcome({ availability: "offline", offline: OFFLINE }));
  expect(screen.getByText("Nobody is here right now. We’ll answer by e-mail.")).toBeTruthy();
  write(/^E-mail/, "vera@x.example");
  await send("Leave message");
  expect(screen.getByText("Please fill this in.")).toBeTruthy();
  write(/^Your message/, " Call me ");
  await send("Leave message");
  expect(answer()).toHaveBeenCalledWith(
    { email: "vera@x.example", answers: {}, consent: undefined, offline: true },
    "Call me",
  );
});

it("promises no mail where none can be sent, and is not there while somebody is", () => {
  show(welcome({ availability: "offline", offline: { ...OFFLINE, mails: false } }));
  expect(screen.getByText(/look for our answer here later/)).toBeTruthy();
  tell({ t: "state", kind: "availability", availability: "online" });
  return waitFor(() => expect(field()).toBeTruthy());
});
