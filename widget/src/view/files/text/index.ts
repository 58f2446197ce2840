// The words for files, in the panel's languages; loaded with the rest of what files need.

import type { Locale } from "../../../text";
import { type Catalogue, createText, type Text } from "../../../text/text";
import type en from "./en.json";

export type FileKey = keyof typeof en;
export type FileWords = Text<FileKey>;

export const catalogues: Record<Locale, () => Promise<{ default: Catalogue<FileKey> }>> = {
  en: () => import("./en.json"),
  "zh-CN": () => import("./zh-CN.json"),
  "zh-TW": () => import("./zh-TW.json"),
};

export async function loadFileWords(locale: Locale): Promise<FileWords> {
  return createText(locale, (await catalogues[locale]()).default);
}
