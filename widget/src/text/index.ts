// The widget's languages. Only the one that is shown is loaded.

import type en from "./en.json";
import { type Locale, locales } from "./locales";
import {
  type Catalogue,
  chooseLocale,
  createText,
  isSameLanguage,
  type OwnWords,
  type Text,
  withOwn,
} from "./text";

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
  /** The site's own words. */
  own: OwnWords;
  t: Words;
}

/** In the first of `wanted` that we have. `regions` is what the browser likes. */
export async function loadWords(
  wanted: readonly string[],
  regions: readonly string[] = [],
  own: OwnWords = {},
): Promise<Language> {
  const locale = chooseLocale(wanted, locales);
  const region = regions.find((tag) => isSameLanguage(tag, locale)) ?? locale;
  return { locale, region, own, t: await loadPart(catalogues, "", { locale, own }) };
}

/** The words of something that is loaded later. `part` is its name with a slash, as in the keys of own words. */
export async function loadPart<Name extends string>(
  from: Catalogues<Name>,
  part: string,
  { locale, own }: Pick<Language, "locale" | "own">,
): Promise<Text<Name>> {
  return createText(locale, withOwn((await from[locale]()).default, own, part));
}
