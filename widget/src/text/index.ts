// The widget's languages. Only the one that is shown is loaded.

import type en from "./en.json";
import { type Locale, locales } from "./locales";
import { type Catalogue, chooseLocale, createText, isSameLanguage, type Text } from "./text";

export { type Locale, locales } from "./locales";
export type Key = keyof typeof en;
export type Words = Text<Key>;

/** One catalogue of each language, loaded when it is wanted. */
export type Catalogues<Key extends string> = Record<
  Locale,
  () => Promise<{ default: Catalogue<Key> }>
>;

const catalogues: Catalogues<Key> = {
  en: () => import("./en.json"),
  "zh-CN": () => import("./zh-CN.json"),
  "zh-TW": () => import("./zh-TW.json"),
  ja: () => import("./ja.json"),
  ko: () => import("./ko.json"),
  de: () => import("./de.json"),
  fr: () => import("./fr.json"),
  es: () => import("./es.json"),
  "pt-BR": () => import("./pt-BR.json"),
  ru: () => import("./ru.json"),
  ar: () => import("./ar.json"),
  he: () => import("./he.json"),
};

export interface Language {
  locale: Locale;
  /** The same language as this browser's region writes dates and numbers. */
  region: string;
  t: Words;
}

/** In the first of `wanted` that we have. `regions` is what the browser likes. */
export async function loadWords(
  wanted: readonly string[],
  regions: readonly string[] = [],
): Promise<Language> {
  const locale = chooseLocale(wanted, locales);
  const catalogue = await catalogues[locale]();
  const region = regions.find((tag) => isSameLanguage(tag, locale)) ?? locale;
  return { locale, region, t: createText(locale, catalogue.default) };
}
