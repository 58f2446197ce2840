import { describe, expect, it } from "vitest";
import { changesOf, differing, type Sections } from "./settings";

const blank: Sections = {
  looks: { corners: "soft", scheme: "auto", header_image: "", team: [], welcome: "" },
  launcher: {
    offset_side: 20,
    offset_bottom: 20,
    icon: "chat",
    label: "",
    phone: "show",
    pages: [],
    elsewhere: "show",
  },
  greetings: { items: [], pause_days: 1 },
  consent: { mode: "on-open", link: "" },
  texts: { own: {} },
  forms: {
    before: false,
    fields: [],
    offline: false,
    consent: { text: "", link: "", version: "" },
  },
  rating: { enabled: true, words: [], reasons_low: [], reasons_high: [] },
};

describe("what is sent of a draft", () => {
  it("is nothing while nothing changed", () => {
    expect(changesOf(blank, structuredClone(blank))).toEqual({});
  });

  it("is the changed fields alone, so that what somebody else wrote stays", () => {
    const looks = { ...blank.looks, corners: "round" as const };
    const pages = [{ page: "/cart*", show: false }];
    const draft = { ...blank, looks, launcher: { ...blank.launcher, pages } };
    expect(changesOf(blank, draft)).toEqual({ looks: { corners: "round" }, launcher: { pages } });
  });

  it("is nothing again when a change is taken back", () => {
    expect(differing({ a: [1] }, { a: [1] })).toEqual({});
  });
});
