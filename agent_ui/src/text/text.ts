/** Words on the screen: one catalogue per language, by the mechanism that both clients share. */

import {
  createText as build,
  type Catalogue,
  chooseLocale,
  isSameLanguage,
  type Text as TextOf,
} from "@chat/widget/text";
import en from "./en.json";
import zhCN from "./zh-CN.json";
import zhTW from "./zh-TW.json";

export type Key = keyof typeof en;
export type Text = TextOf<Key>;
export type Locale = "en" | "zh-CN" | "zh-TW";

export const catalogues: Readonly<Record<Locale, Catalogue<Key>>> = {
  en,
  "zh-CN": zhCN,
  "zh-TW": zhTW,
};

export const locales: readonly { locale: Locale; name: string }[] = [
  { locale: "en", name: "English" },
  { locale: "zh-CN", name: "简体中文" },
  { locale: "zh-TW", name: "繁體中文" },
];

export function createText(locale: Locale): Text {
  return build(locale, catalogues[locale]);
}

/** The nearest language we have: zh-TW for Hong Kong and Macau, zh-CN for the rest of Chinese. */
export function nearestLocale(wanted: string): Locale {
  return chooseLocale([wanted], ["en", "zh-CN", "zh-TW"]);
}

/** How dates and times are written: as the browser's own region does it, in the console's language. */
export function regionOf(locale: Locale, languages: readonly string[]): string {
  return languages.find((one) => isSameLanguage(one, locale)) ?? locale;
}
