// The words for what comes after a chat, in the panel's languages.

import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { type Catalogues, type Language, loadPart } from "../../text";
import type { Text } from "../../text/text";
import type en from "./text/en.json";

export type AfterKey = keyof typeof en;
export type AfterWords = Text<AfterKey>;

export const catalogues: Catalogues<AfterKey> = {
  en: () => import("./text/en.json"),
  "zh-CN": () => import("./text/zh-CN.json"),
  "zh-TW": () => import("./text/zh-TW.json"),
  ja: () => import("./text/ja.json"),
  ko: () => import("./text/ko.json"),
  de: () => import("./text/de.json"),
  fr: () => import("./text/fr.json"),
  es: () => import("./text/es.json"),
  "pt-BR": () => import("./text/pt-BR.json"),
  ru: () => import("./text/ru.json"),
  ar: () => import("./text/ar.json"),
  he: () => import("./text/he.json"),
};

export function loadAfterWords(language: Language): Promise<AfterWords> {
  return loadPart(catalogues, "after/", language);
}

const Context = createContext<AfterWords | null>(null);
export const AfterWordsProvider = Context.Provider;

export function useAfterWords(): AfterWords {
  const words = useContext(Context);
  if (!words) throw new Error("views after a chat live inside their words");
  return words;
}
