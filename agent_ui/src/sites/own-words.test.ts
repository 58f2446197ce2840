import { describe, expect, it } from "vitest";
import { examplesOf, found, ownOf, placesOf, withOwn } from "./own-words";

const ours = { title: "Chat with {site}", new: { one: "{count} new", other: "{count} new ones" } };

describe("own texts", () => {
  it("are kept by language and key, and forms of one beside each other", () => {
    const one = withOwn({}, { locale: "de", key: "title", text: "Frag {site}" });
    const two = withOwn(one, { locale: "de", key: "new", form: "one", text: "eine" });
    const three = withOwn(two, { locale: "de", key: "new", form: "other", text: "viele" });
    expect(three).toEqual({ de: { title: "Frag {site}", new: { one: "eine", other: "viele" } } });
    expect(ownOf(three, "de", "new", "one")).toBe("eine");
    expect(ownOf(three, "de", "title")).toBe("Frag {site}");
    expect(ownOf(three, "fr", "title")).toBe("");
  });

  it("leave nothing behind when they are taken back", () => {
    const own = { de: { title: "x", new: { one: "y" } }, fr: { title: "z" } };
    const one = withOwn(own, { locale: "de", key: "new", form: "one", text: "" });
    expect(one).toEqual({ de: { title: "x" }, fr: { title: "z" } });
    expect(withOwn(one, { locale: "de", key: "title", text: "" })).toEqual({ fr: { title: "z" } });
    expect(own.de.new).toEqual({ one: "y" });
  });

  it("are found by our words, by own ones and by the key", () => {
    const own = { title: "Frag uns" };
    const all = { search: "", isOwnOnly: false };
    expect(found(ours, own, all)).toEqual(["title", "new"]);
    expect(found(ours, own, { ...all, search: " NEW ONES" })).toEqual(["new"]);
    expect(found(ours, own, { ...all, search: "frag" })).toEqual(["title"]);
    expect(found(ours, own, { ...all, isOwnOnly: true })).toEqual(["title"]);
  });

  it("are told which places there are and which numbers a form is for", () => {
    expect(placesOf(ours.new)).toBe("{count}");
    expect(placesOf(ours.title)).toBe("{site}");
    expect(examplesOf("ar", "two")).toBe("2");
    expect(examplesOf("ru", "few")).toBe("2, 3, 4 …");
    expect(examplesOf("fr", "many")).toBe("");
  });
});
