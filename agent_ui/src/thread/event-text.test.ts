import { expect, it } from "vitest";
import { createText } from "../text/text";
import type { Fact } from "../wire";
import { eventText } from "./event-text";

const t = createText("en");
const ann = { id: "ann", name: "Ann" };
const ben = { id: "ben", name: "Ben" };

function happened(kind: Fact["kind"], from: Fact["from"], agent?: Fact["agent"]): string {
  const fact: Fact = { t: "fact", conversation: "c", seq: 1, kind, from, at: "", agent };
  return eventText(fact, "ann", t);
}

it("tells taking from handing over", () => {
  expect(happened("conversation.assigned", { kind: "agent", ...ann }, ann)).toBe(
    "You took the chat",
  );
  expect(happened("conversation.assigned", { kind: "agent", ...ben }, ann)).toBe(
    "Ben handed the chat to you",
  );
  expect(happened("conversation.assigned", { kind: "system" }, ben)).toBe("Assigned to Ben");
});

it("says that a customer goes on elsewhere, and who the visitor turned out to be", () => {
  const fact = { t: "fact", conversation: "c", seq: 1, from: { kind: "system" }, at: "" } as const;
  const merged: Fact = { ...fact, kind: "conversation.closed", reason: "merged" };
  expect(eventText(merged, "ann", t)).toBe("Closed: the customer goes on in another chat");
  expect(happened("visitor.identified", { kind: "system" })).toBe(
    "The website confirmed who the visitor is",
  );
});

it("tells of a rating and its comment", () => {
  const from = { kind: "visitor" } as const;
  const rating = { score: 5, resolved: true, reasons: ["kind"] };
  const fact: Fact = { t: "fact", conversation: "c", seq: 1, kind: "csat.rated", from, at: "" };
  expect(eventText({ ...fact, rating, text: "Lovely" }, "ann", t)).toBe(
    "The visitor rated the chat: 5 of 5, very good · resolved · friendly · Lovely",
  );
  expect(happened("csat.asked", { kind: "agent", ...ann })).toBe("You asked for a rating");
});

it("says who closed, or that it closed by itself", () => {
  expect(happened("conversation.closed", { kind: "visitor" })).toBe("The visitor closed the chat");
  expect(happened("conversation.closed", { kind: "system" })).toBe("Closed automatically");
});
