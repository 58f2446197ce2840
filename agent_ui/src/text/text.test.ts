import type { Entry } from "@chat/widget/text";
import { describe, expect, it } from "vitest";
import { catalogues, createText, type Key, locales, nearestLocale, regionOf } from "./text";

const { en, ...others } = catalogues;
const keys = Object.keys(en) as Key[];
const forms = (entry: Entry) => (typeof entry === "string" ? [entry] : Object.values(entry));
/** What a mere conversion of characters leaves behind. */
const MAINLAND =
  "信息 消息 文件 登錄 網絡 服務器 默認 設置 搜索 郵箱 賬號 會話 鏈接 發送 打印 添加 屏幕 數據 字符 快捷 粘貼 控制台 保存".split(
    " ",
  );
const placeholders = (text: string) =>
  [...text.matchAll(/(?<!\{)\{(\w+)\}/g)].map((match) => match[1]).sort();

describe("catalogues", () => {
  it.each(Object.entries(others))("have the same keys in %s", (_, catalogue) => {
    expect(Object.keys(catalogue).sort()).toEqual([...keys].sort());
  });

  it.each(Object.entries(catalogues))("have the same placeholders in %s", (_, catalogue) => {
    for (const key of keys) {
      const wanted = placeholders(forms(en[key]).at(-1) ?? "");
      for (const text of forms(catalogue[key])) expect(placeholders(text), key).toEqual(wanted);
    }
  });

  it.each(Object.entries(catalogues))("have every plural form of %s", (locale, catalogue) => {
    const needed = new Intl.PluralRules(locale).resolvedOptions().pluralCategories.sort();
    for (const key of keys) {
      const entry: Entry = catalogue[key];
      if (typeof entry !== "string") expect(Object.keys(entry).sort(), key).toEqual(needed);
    }
  });

  it("are all offered to choose from, under their own names", () => {
    expect(locales.map((one) => one.locale)).toEqual(Object.keys(catalogues));
    expect(locales.map((one) => one.name)).toEqual(["English", "简体中文", "繁體中文"]);
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

  it("use the words of Taiwan in zh-TW, not other characters for those of zh-CN", () => {
    const text = JSON.stringify(catalogues["zh-TW"]);
    for (const word of MAINLAND) expect(text).not.toContain(word);
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
    expect(["zh-TW", "zh-HK", "zh-MO", "zh-Hant", "zh-Hant-MY"].map(nearestLocale)).toEqual(
      Array(5).fill("zh-TW"),
    );
    expect(["zh", "zh-SG", "zh-Hans-HK"].map(nearestLocale)).toEqual(Array(3).fill("zh-CN"));
    expect(["en-GB", "de", ""].map(nearestLocale)).toEqual(Array(3).fill("en"));
  });

  it("writes dates as the browser's region does", () => {
    expect(regionOf("en", ["de-DE", "en-GB", "en-US"])).toBe("en-GB");
    expect(regionOf("zh-CN", ["en-US"])).toBe("zh-CN");
    expect(regionOf("zh-TW", ["zh-CN", "zh-HK"])).toBe("zh-HK");
    expect(regionOf("zh-CN", ["zh-TW"])).toBe("zh-CN");
  });
});
