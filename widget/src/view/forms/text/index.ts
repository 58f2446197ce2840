// The words of forms, in the panel's languages; loaded with the forms.

import { type Catalogues, type Language, loadPart } from "../../../text";
import type { Text } from "../../../text/text";
import type en from "./en.json";

export type FormKey = keyof typeof en;
export type FormWords = Text<FormKey>;

export const catalogues: Catalogues<FormKey> = {
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

export function loadFormWords(language: Language): Promise<FormWords> {
  return loadPart(catalogues, "forms/", language);
}
