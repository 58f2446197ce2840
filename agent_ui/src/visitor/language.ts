/** A language tag in words of the reader's language. */

export function languageName(tag: string, locale: string): string {
  try {
    return new Intl.DisplayNames(locale, { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag; // browsers send what they like
  }
}
