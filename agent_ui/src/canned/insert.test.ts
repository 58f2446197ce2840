import { describe, expect, it } from "vitest";
import { findTrigger, insertAt } from "./insert";

const at = (text: string) => findTrigger(text.replace("|", ""), text.indexOf("|"));

describe("trigger", () => {
  it("is a slash or a hash at the start, after a space or after Chinese text", () => {
    expect(at("/ref|")).toEqual({ start: 0, query: "ref" });
    expect(at("Hello #|")).toEqual({ start: 6, query: "" });
    expect(at("您好/退|")).toEqual({ start: 2, query: "退" });
    expect(at("Dear /re| there")).toEqual({ start: 5, query: "re" });
  });

  it("is not a slash inside a word, a date or an address", () => {
    for (const text of [
      "and/or|",
      "1/2|",
      "https://shop|",
      "https://a.b/c|",
      "room #4/5|",
      "a//b|",
    ])
      expect(at(text), text).toBeNull();
  });

  it("ends at a space and at a query nobody would type", () => {
    expect(at("/ref und|")).toBeNull();
    expect(at(`/${"x".repeat(60)}|`)).toBeNull();
  });
});

describe("insertion", () => {
  it("replaces the mark and its query and nothing else", () => {
    const { text, caret } = insertAt(
      "Dear Vera, /re and bye",
      { start: 11, query: "re" },
      "Refund.",
    );
    expect(text).toBe("Dear Vera, Refund. and bye");
    expect(caret).toBe("Dear Vera, Refund.".length);
  });
});
