/** Words on the screen: one catalogue per language, one function. */

import en from "./en.json";
import zhCN from "./zh-CN.json";

type Entry = keyof typeof en;

/** A key without its plural forms: `inbox.waiting#one` belongs to `inbox.waiting`. */
export type Key = Exclude<Entry, `${string}#${string}`>;
export type Values = Readonly<Record<string, string | number>>;
export type Text = (key: Key, values?: Values) => string;

export const catalogues = { en, "zh-CN": zhCN } as const;
export type Locale = keyof typeof catalogues;
export const locales: readonly { locale: Locale; name: string }[] = [
  { locale: "en", name: "English" },
  { locale: "zh-CN", name: "简体中文" },
];

/** The nearest language we have: any Chinese is better served by zh-CN than by English. */
export function nearestLocale(wanted: string): Locale {
  return wanted.toLowerCase().startsWith("zh") ? "zh-CN" : "en";
}

/** How dates and times are written: as the browser's own region does it, in the console's language. */
export function regionOf(locale: Locale, languages: readonly string[]): string {
  const language = locale.slice(0, 2);
  return languages.find((one) => one.slice(0, 2) === language) ?? locale;
}

/** `values.n` chooses the plural form; numbers are written as the language writes them. */
export function createText(locale: Locale): Text {
  const catalogue: Readonly<Record<string, string>> = catalogues[locale];
  const plural = new Intl.PluralRules(locale);
  const number = new Intl.NumberFormat(locale);
  return (key, values = {}) => {
    const n = values.n;
    const form = typeof n === "number" ? catalogue[`${key}#${plural.select(n)}`] : undefined;
    const text = form ?? catalogue[key] ?? key;
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = values[name];
      if (value === undefined) return whole;
      return typeof value === "number" ? number.format(value) : value;
    });
  };
}
