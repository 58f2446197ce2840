// The widget's languages. Only the one that is shown is loaded.

import type en from "./en.json";
import { type Catalogue, chooseLocale, createText, type Text } from "./text";

export type Key = keyof typeof en;
export type Words = Text<Key>;

export const locales = ["en", "zh-CN", "zh-TW"] as const;
export type Locale = (typeof locales)[number];

const catalogues: Record<Locale, () => Promise<{ default: Catalogue<Key> }>> = {
  en: () => import("./en.json"),
  "zh-CN": () => import("./zh-CN.json"),
  "zh-TW": () => import("./zh-TW.json"),
};

export async function loadWords(wanted: readonly string[]): Promise<{ locale: Locale; t: Words }> {
  const locale = chooseLocale(wanted, locales);
  const catalogue = await catalogues[locale]();
  return { locale, t: createText(locale, catalogue.default) };
}
