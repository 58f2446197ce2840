// The languages of everything that visitors see; the server has the same (web/languages.py).

export const locales = [
  "en",
  "zh-CN",
  "zh-TW",
  "ja",
  "ko",
  "de",
  "fr",
  "es",
  "pt-BR",
  "ru",
  "ar",
  "he",
] as const;
export type Locale = (typeof locales)[number];
