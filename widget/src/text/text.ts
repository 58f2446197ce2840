// Words on screen: a key and its values to a sentence. Both clients use it, each with its own catalogues.

/** A sentence with `{name}` places, or one sentence for each plural form; `other` must be there. */
export type Entry = string | ({ other: string } & Partial<Record<Intl.LDMLPluralRule, string>>);
export type Catalogue<Key extends string> = Readonly<Record<Key, Entry>>;

/** What a site's owner says instead, by key; of a catalogue that is loaded later with its name before the key. */
export type OwnWords = Readonly<
  Record<string, Entry | Partial<Record<Intl.LDMLPluralRule, string>>>
>;

/** `count` chooses the plural form; numbers are written as the language writes them. */
export type Text<Key extends string> = (
  key: Key,
  values?: Readonly<Record<string, string | number>>,
) => string;

export function createText<Key extends string>(
  locale: string,
  catalogue: Catalogue<Key>,
): Text<Key> {
  const plurals = new Intl.PluralRules(locale);
  const numbers = new Intl.NumberFormat(locale);
  const isolated = directionOf(locale) === "rtl" ? /\S/ : RIGHT_TO_LEFT;
  return (key, values = {}) => {
    const entry = catalogue[key];
    const form = plurals.select(Number(values.count ?? 0));
    const sentence = typeof entry === "string" ? entry : (entry[form] ?? entry.other);
    return sentence.replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = values[name] ?? "";
      return typeof value === "number" ? numbers.format(value) : isolate(value, isolated);
    });
  };
}

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
// Whoever may write a name could turn the sentence around it with these.
const TURNING = /[\u202a-\u202e\u2066-\u2069]/g;

/** A name that runs the other way must not drag the words beside it along. */
function isolate(value: string, needsIt: RegExp): string {
  const text = value.replace(TURNING, "");
  return needsIt.test(text) ? `\u2068${text}\u2069` : text;
}

export function directionOf(locale: string): "ltr" | "rtl" {
  return /^(ar|he)\b/.test(locale) ? "rtl" : "ltr";
}

/** The catalogue with the site's own words. What this release does not have is left out. */
export function withOwn<Key extends string>(
  catalogue: Catalogue<Key>,
  own: OwnWords,
  part = "",
): Catalogue<Key> {
  const merged: Record<string, Entry> = { ...catalogue };
  for (const [key, entry] of Object.entries<Entry>(catalogue)) {
    const said = own[part + key];
    if (typeof entry === "string") merged[key] = typeof said === "string" ? said : entry;
    else if (typeof said === "object") merged[key] = { ...entry, ...said };
  }
  return merged as Catalogue<Key>;
}

/** The best of `available` for what is wanted. The server decides likewise (web/languages.py). */
export function chooseLocale<Locale extends string>(
  wanted: readonly string[],
  available: readonly [Locale, ...Locale[]],
): Locale {
  for (const tag of wanted) {
    const found = available.find((locale) => isSameLanguage(locale, tag));
    if (found) return found;
  }
  return available[0];
}

/** Whether who reads the one reads the other: pt-PT and pt-BR; of Chinese only the same script. */
export function isSameLanguage(one: string, other: string): boolean {
  return written(one) === written(other);
}

function written(tag: string): string {
  const [language = "", ...rest] = tag.toLowerCase().split(/[-_]/);
  if (language === "iw") return "he"; // how old Androids still call it
  if (language !== "zh") return language;
  const isTraditional = rest.some((part) => ["hant", "tw", "hk", "mo"].includes(part));
  return isTraditional && !rest.includes("hans") ? "zh-hant" : "zh-hans";
}
