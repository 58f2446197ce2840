import type { Entry } from "@chat/widget/text";
import { describe, expect, it } from "vitest";
import { catalogues, createText, type Key, nearestLocale, regionOf } from "./text";

const { en, "zh-CN": chinese } = catalogues;
const keys = Object.keys(en) as Key[];
const forms = (entry: Entry) => (typeof entry === "string" ? [entry] : Object.values(entry));
const placeholders = (text: string) =>
  [...text.matchAll(/(?<!\{)\{(\w+)\}/g)].map((match) => match[1]).sort();

describe("catalogues", () => {
  it("have the same keys", () => {
    expect(Object.keys(chinese).sort()).toEqual([...keys].sort());
  });

  it("have the same placeholders in every form", () => {
    for (const key of keys) {
      const wanted = placeholders(forms(en[key]).at(-1) ?? "");
      for (const text of [...forms(en[key]), ...forms(chinese[key])])
        expect(placeholders(text), key).toEqual(wanted);
    }
  });

  it("leave nothing empty", () => {
    for (const catalogue of Object.values(catalogues))
      for (const key of keys)
        for (const text of forms(catalogue[key])) expect(text.trim(), key).not.toBe("");
  });

  it("use the product's words in Chinese", () => {
    const t = createText("zh-CN");
    expect(t("nav.transcripts")).toBe("聊天记录");
    expect(t("nav.canned")).toBe("快捷回复");
    expect(t("thread.note")).toBe("内部备注");
    expect(t("nav.sites")).toBe("站点");
  });
});

describe("text", () => {
  it("chooses the plural form", () => {
    const t = createText("en");
    expect(t("transcript.messages", { count: 1 })).toBe("1 message");
    expect(t("transcript.messages", { count: 1200 })).toBe("1,200 messages");
  });

  it("leaves doubled braces and unknown names alone", () => {
    expect(createText("en")("canned.text.about")).toContain("{{visitor.name|there}}");
  });

  it("finds the nearest language", () => {
    expect(nearestLocale("zh-TW")).toBe("zh-CN");
    expect(nearestLocale("de")).toBe("en");
  });

  it("writes dates as the browser's region does", () => {
    expect(regionOf("en", ["de-DE", "en-GB", "en-US"])).toBe("en-GB");
    expect(regionOf("zh-CN", ["en-US"])).toBe("zh-CN");
  });
});
