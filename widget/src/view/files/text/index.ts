// The words for files, in the panel's languages; loaded with the rest of what files need.

import { type Catalogues, type Language, loadPart } from "../../../text";
import type { Text } from "../../../text/text";
import type en from "./en.json";

export type FileKey = keyof typeof en;
export type FileWords = Text<FileKey>;

export const catalogues: Catalogues<FileKey> = {
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

export function loadFileWords(language: Language): Promise<FileWords> {
  return loadPart(catalogues, "files/", language);
}
