import { describe, expect, it } from "vitest";
import { loadWords, locales } from "../src/text";
import en from "../src/text/en.json";
import { chooseLocale, createText, type Entry } from "../src/text/text";
import zhCN from "../src/text/zh-CN.json";
import zhTW from "../src/text/zh-TW.json";
import filesEn from "../src/view/files/text/en.json";
import filesZhCN from "../src/view/files/text/zh-CN.json";
import filesZhTW from "../src/view/files/text/zh-TW.json";

type Sentences = Record<string, Entry>;

function sentences(entry: Entry | undefined): string[] {
  if (entry === undefined) return [];
  return typeof entry === "string" ? [entry] : Object.values(entry);
}

function places(sentence: string): string[] {
  return [...sentence.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "").sort();
}

describe.each([
  ["zh-CN", "panel", zhCN, en],
  ["zh-TW", "panel", zhTW, en],
  ["zh-CN", "files", filesZhCN, filesEn],
  ["zh-TW", "files", filesZhTW, filesEn],
] as [string, string, Sentences, Sentences][])(
  "the catalogue %s of the %s",
  (locale, _, catalogue, english) => {
    it("has exactly the keys of the English one", () => {
      expect(Object.keys(catalogue).sort()).toEqual(Object.keys(english).sort());
    });

    it("has the same places in every sentence", () => {
      for (const [key, entry] of Object.entries(english)) {
        const expected = places(sentences(entry).at(-1) ?? "");
        for (const sentence of sentences(catalogue[key]))
          expect(places(sentence), key).toEqual(expected);
      }
    });

    it("has every plural form that its language needs", () => {
      const forms = new Intl.PluralRules(locale).resolvedOptions().pluralCategories;
      for (const [key, entry] of Object.entries(catalogue))
        if (typeof entry !== "string")
          expect(Object.keys(entry).sort(), key).toEqual([...forms].sort());
    });
  },
);

describe("text", () => {
  const t = createText("en", en);

  it("fills in names and keeps what looks like a place in them", () => {
    expect(t("joined", { name: "{site} & <b>" })).toBe("{site} & <b> joined");
  });

  it("chooses the plural form and writes numbers the local way", () => {
    expect(t("chars.left", { count: 1 })).toBe("1 character left");
    expect(t("chars.left", { count: 1200 })).toBe("1,200 characters left");
  });

  it("loads the language that is wanted", async () => {
    expect((await loadWords(["zh-Hant-HK", "en"])).t("today")).toBe("今天");
    expect((await loadWords(["xx"])).locale).toBe("en");
  });

  it.each([
    [["de-DE", "zh"], "zh-CN"],
    [["zh-SG"], "zh-CN"],
    [["zh_HK"], "zh-TW"],
    [["zh-MO"], "zh-TW"],
    [["zh-Hant-SG"], "zh-TW"],
    [["zh-Hans-HK"], "zh-CN"],
    [["en-GB"], "en"],
    [["sw"], "en"],
    [[], "en"],
  ])("answers %j with %s", (wanted, locale) => {
    expect(chooseLocale(wanted, locales)).toBe(locale);
  });
});
