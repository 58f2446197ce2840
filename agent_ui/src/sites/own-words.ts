/** A site's own texts as the editor has them: which to show, and what changing one makes of all. */

import type { Entry } from "@chat/widget/text";

export type OwnText = string | Partial<Record<Intl.LDMLPluralRule, string>>;
/** By language and key. */
export type OwnTexts = Record<string, Record<string, OwnText>>;

// Enough numbers to find an example of every plural form of our languages.
const MOST = 200;
const EXAMPLES = 3;

/** The own sentence, or nothing. `form` names a plural form. */
export function ownOf(own: OwnTexts, locale: string, key: string, form?: string): string {
  const text = own[locale]?.[key];
  if (text === undefined) return "";
  if (typeof text === "string") return form === undefined ? text : "";
  return text[form as Intl.LDMLPluralRule] ?? "";
}

/** With this sentence. An empty one is none: what has nothing left disappears. */
export function withOwn(
  own: OwnTexts,
  { locale, key, form, text }: { locale: string; key: string; form?: string; text: string },
): OwnTexts {
  const texts = { ...own[locale] };
  const next = form === undefined ? text : withForm(texts[key], form, text);
  if (isEmpty(next)) delete texts[key];
  else texts[key] = next;
  const { [locale]: _, ...others } = own;
  return isEmpty(texts) ? others : { ...others, [locale]: texts };
}

/** What fits the search, in our words, own ones or the key's. */
export function found(
  texts: Record<string, Entry>,
  own: Record<string, OwnText>,
  { search, isOwnOnly }: { search: string; isOwnOnly: boolean },
): string[] {
  const wanted = search.trim().toLocaleLowerCase();
  return Object.keys(texts).filter((key) => {
    if (isOwnOnly && own[key] === undefined) return false;
    const words = JSON.stringify([key, texts[key], own[key]]).toLocaleLowerCase();
    return words.includes(wanted);
  });
}

/** The places of a text, as they are written: `{name} {text}`. */
export function placesOf(entry: Entry): string {
  const text = typeof entry === "string" ? entry : entry.other;
  return [...new Set(text.match(/\{\w+\}/g))].join(" ");
}

/** Numbers for which a form is used: `2, 3, 4 …`. */
export function examplesOf(locale: string, form: string): string {
  const plurals = new Intl.PluralRules(locale);
  const fitting = Array.from({ length: MOST }, (_, n) => n).filter(
    (n) => plurals.select(n) === form,
  );
  const few = fitting.slice(0, EXAMPLES).join(", ");
  return fitting.length > EXAMPLES ? `${few} …` : few;
}

function withForm(before: OwnText | undefined, form: string, text: string): OwnText {
  const forms = typeof before === "object" ? { ...before } : {};
  if (text === "") delete forms[form as Intl.LDMLPluralRule];
  else forms[form as Intl.LDMLPluralRule] = text;
  return forms;
}

function isEmpty(value: string | object): boolean {
  return typeof value === "string" ? value === "" : Object.keys(value).length === 0;
}
