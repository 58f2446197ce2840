/** Words on the screen: one catalogue per language, by the mechanism that both clients share. */

import { createText as build, type Catalogue, type Text as TextOf } from "@chat/widget/text";
import en from "./en.json";
import zhCN from "./zh-CN.json";

export type Key = keyof typeof en;
export type Text = TextOf<Key>;
export type Locale = "en" | "zh-CN";

export const catalogues: Readonly<Record<Locale, Catalogue<Key>>> = { en, "zh-CN": zhCN };

export const locales: readonly { locale: Locale; name: string }[] = [
  { locale: "en", name: "English" },
  { locale: "zh-CN", name: "简体中文" },
];

export function createText(locale: Locale): Text {
  return build(locale, catalogues[locale]);
}

/** The nearest language we have: any Chinese is better served by zh-CN than by English. */
export function nearestLocale(wanted: string): Locale {
  return wanted.toLowerCase().startsWith("zh") ? "zh-CN" : "en";
}

/** How dates and times are written: as the browser's own region does it, in the console's language. */
export function regionOf(locale: Locale, languages: readonly string[]): string {
  const language = locale.slice(0, 2);
  return languages.find((one) => one.slice(0, 2) === language) ?? locale;
}
