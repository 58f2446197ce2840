import { describe, expect, it } from "vitest";
import { catalogues, createText, nearestLocale, regionOf } from "./text";

const bare = (catalogue: object) =>
  Object.keys(catalogue)
    .filter((key) => !key.includes("#"))
    .sort();
const placeholders = (text: string) =>
  [...text.matchAll(/(?<!\{)\{(\w+)\}/g)].map((match) => match[1]).sort();

describe("catalogues", () => {
  it("have the same keys", () => {
    expect(bare(catalogues["zh-CN"])).toEqual(bare(catalogues.en));
  });

  it("have the same placeholders", () => {
    const chinese: Readonly<Record<string, string>> = catalogues["zh-CN"];
    for (const [key, text] of Object.entries(catalogues.en)) {
      if (key.includes("#")) continue;
      expect(placeholders(chinese[key] ?? ""), key).toEqual(placeholders(text));
    }
  });

  it("leave nothing empty", () => {
    for (const catalogue of Object.values(catalogues))
      for (const [key, text] of Object.entries(catalogue)) expect(text.trim(), key).not.toBe("");
  });

  it("have a whole form for every plural form", () => {
    for (const key of Object.keys(catalogues.en).filter((one) => one.includes("#")))
      expect(bare(catalogues.en)).toContain(key.split("#")[0]);
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
    expect(t("transcript.messages", { n: 1 })).toBe("1 message");
    expect(t("transcript.messages", { n: 1200 })).toBe("1,200 messages");
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
