import { expect, it } from "vitest";
import { wordsFor } from "../src/host/words";
import { locales } from "../src/text";
import { chooseLocale } from "../src/text/text";

it.each([
  "en",
  "en-GB",
  "de",
  "",
  "zh",
  "zh-CN",
  "zh-SG",
  "zh-Hans-HK",
  "zh-TW",
  "zh_HK",
  "zh-MO",
  "zh-Hant",
  "ZH-hant-TW",
])("the launcher speaks %j as the panel does", (tag) => {
  const opening = { en: "Open chat", "zh-CN": "打开在线沟通", "zh-TW": "開啟線上對話" };
  expect(wordsFor(tag)[0]).toBe(opening[chooseLocale([tag], locales)]);
});
