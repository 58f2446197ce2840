import { describe, expect, it } from "vitest";
import { loadWords, locales } from "../src/text";
import en from "../src/text/en.json";
import { chooseLocale, createText, directionOf, type Entry } from "../src/text/text";
import { loadFileWords } from "../src/view/files/text";

type Sentences = Record<string, Entry>;
type Folder = Record<string, Sentences>;

/** Every catalogue there is, whoever added it: the panel's and those of what is loaded later. */
const files = import.meta.glob<Sentences>("../src/**/text/*.json", {
  eager: true,
  import: "default",
});
const folders: Record<string, Folder> = {};
for (const [path, catalogue] of Object.entries(files)) {
  const [, folder = "", locale = ""] = /^(.*)\/([^/]+)\.json$/.exec(path) ?? [];
  folders[folder] = { ...folders[folder], [locale]: catalogue };
}
const each = Object.entries(folders).flatMap(([name, folder]) =>
  locales.map((locale) => [locale, name, folder] as const),
);

function sentences(entry: Entry | undefined): string[] {
  if (entry === undefined) return [];
  return typeof entry === "string" ? [entry] : Object.values(entry);
}

function places(sentence: string): string[] {
  return [...sentence.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "").sort();
}

/** Whether a plural form speaks of one number alone, so that it may say it in words. */
function isOneNumber(locale: string, form: string): boolean {
  const plurals = new Intl.PluralRules(locale);
  return (
    Array.from({ length: 200 }, (_, n) => plurals.select(n) === form).filter(Boolean).length < 2
  );
}

describe("the catalogues", () => {
  it("are found", () => {
    expect(Object.keys(folders)).toContain("../src/text");
    expect(Object.keys(folders)).toContain("../src/view/files/text");
  });

  it.each(Object.entries(folders))("of %s are there in every language", (_, folder) => {
    expect(Object.keys(folder).sort()).toEqual([...locales].sort());
  });
});

describe.each(each)("the catalogue %s of %s", (locale, _, folder) => {
  const english = folder.en ?? {};
  const catalogue = folder[locale] ?? {};

  it("has exactly the keys of the English one, in its order", () => {
    expect(Object.keys(catalogue)).toEqual(Object.keys(english));
  });

  it("says something everywhere", () => {
    for (const [key, entry] of Object.entries(catalogue))
      for (const sentence of sentences(entry)) expect(sentence.trim(), key).not.toBe("");
  });

  it("has the same places in every sentence", () => {
    for (const [key, entry] of Object.entries(english)) {
      const expected = places(sentences(entry).at(-1) ?? "");
      const found = catalogue[key];
      for (const [form, sentence] of Object.entries(
        typeof found === "object" ? found : { found },
      )) {
        const got = places(sentence ?? "");
        const isSpared = typeof found === "object" && isOneNumber(locale, form);
        const wanted = expected.filter(
          (place) => place !== "count" || !isSpared || got.includes(place),
        );
        expect(got, `${key} ${form}`).toEqual(wanted);
      }
    }
  });

  it("has exactly the plural forms of its language", () => {
    const forms = new Intl.PluralRules(locale).resolvedOptions().pluralCategories;
    for (const [key, entry] of Object.entries(catalogue)) {
      expect(typeof entry, key).toBe(typeof english[key]);
      if (typeof entry !== "string")
        expect(Object.keys(entry).sort(), key).toEqual([...forms].sort());
    }
  });
});

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

  it("writes dates as the browser's own region does, in the language shown", async () => {
    expect((await loadWords(["en"], ["de", "en-GB", "en-US"])).region).toBe("en-GB");
    expect((await loadWords(["ar"], ["de", "en-GB"])).region).toBe("ar");
  });

  it("keeps names that run the other way to themselves", () => {
    expect(t("joined", { name: "דנה" })).toBe("\u2068דנה\u2069 joined");
    expect(t("joined", { name: "Dana" })).toBe("Dana joined");
    const arabic = createText("ar", folders["../src/text"]?.ar as typeof en);
    expect(arabic("joined", { name: "Dana!" })).toContain("\u2068Dana!\u2069");
    expect(arabic("new", { count: 3 })).not.toContain("\u2068");
  });

  it("says a site's own words, form by form, and leaves out what it does not know", async () => {
    const own = {
      today: "This very day",
      new: { one: "One more" },
      joined: { other: "wrong kind" },
      yesterday: "",
      "files/drop": "Here",
      "chars.left": "wrong kind",
      invented: "?",
    };
    const { t } = await loadWords(["en"], [], own);
    expect(t("today")).toBe("This very day");
    expect([1, 2].map((count) => t("new", { count }))).toEqual(["One more", "2 new messages"]);
    expect(t("joined", { name: "Ann" })).toBe("Ann joined");
    expect(t("chars.left", { count: 1 })).toBe("1 character left");
    const words = await loadFileWords({ locale: "en", region: "en", own, t });
    expect(words("drop")).toBe("Here");
  });

  it("takes out of names what would turn the sentence around them", () => {
    expect(t("joined", { name: "Ann\u202e\u2069\u2066" })).toBe("Ann joined");
  });

  it("knows which languages run from right to left", () => {
    expect(locales.filter((locale) => directionOf(locale) === "rtl")).toEqual(["ar", "he"]);
  });

  it("speaks with the plural forms of Arabic and Russian", () => {
    const folder = folders["../src/text"] ?? {};
    const russian = createText("ru", folder.ru as typeof en);
    expect(
      [1, 3, 5, 21, 1.5].map((count) => russian("new", { count }).replace(/^\S+ /, "")),
    ).toEqual([
      "новое сообщение",
      "новых сообщения",
      "новых сообщений",
      "новое сообщение",
      "нового сообщения",
    ]);
    const arabic = createText("ar", folder.ar as typeof en);
    expect(
      new Set([0, 1, 2, 3, 11, 100].map((count) => arabic("chars.left", { count }))).size,
    ).toBe(6);
  });

  it.each([
    [["sv-SE", "zh"], "zh-CN"],
    [["zh-SG"], "zh-CN"],
    [["zh_HK"], "zh-TW"],
    [["zh-MO"], "zh-TW"],
    [["zh-Hant-SG"], "zh-TW"],
    [["zh-Hans-HK"], "zh-CN"],
    [["en-GB"], "en"],
    [["pt"], "pt-BR"],
    [["pt-PT"], "pt-BR"],
    [["iw-IL"], "he"],
    [["es-419"], "es"],
    [["fr-CA"], "fr"],
    [["ar-EG"], "ar"],
    [["sw"], "en"],
    [[], "en"],
  ])("answers %j with %s", (wanted, locale) => {
    expect(chooseLocale(wanted, locales)).toBe(locale);
  });
});
