// Whether a greeting is wanted here and now. Pure.

import type { Rule } from "./kit";

export interface Facts {
  url: string;
  referrer: string;
  /** Since the page was opened. */
  seconds: number;
  /** How far down, in percent. */
  scroll: number;
  /** Null: nothing may be kept here, so nobody can know. */
  visits: number | null;
  leaving: boolean;
  languages: readonly string[];
  attributes: Readonly<Record<string, unknown>>;
}

/** All of the rule must hold. */
export function holds(rule: Rule, facts: Facts): boolean {
  return (
    isHere(rule, facts) &&
    isKnown(rule, facts.visits) &&
    facts.seconds >= (rule.seconds ?? 0) &&
    facts.scroll >= (rule.scroll ?? 0) &&
    (!rule.exit_intent || facts.leaving)
  );
}

/** What will not change while the page stays: where there is no such greeting, nobody needs to watch. */
export function isHere({ pages, referrer, languages, attributes }: Rule, facts: Facts): boolean {
  const said = Object.entries(attributes ?? {});
  return (
    (!pages || isOn(pages, facts.url)) &&
    (!referrer || facts.referrer.toLowerCase().includes(referrer.toLowerCase())) &&
    (!languages || languages.some((wanted) => speaks(facts.languages, wanted))) &&
    said.every(([name, value]) => `${facts.attributes[name] ?? ""}` === value)
  );
}

function isKnown({ visits, returning }: Rule, known: number | null): boolean {
  if (!visits && !returning) return true;
  if (known === null) return false;
  const fits = returning ? (returning === "returning") === known > 1 : true;
  return fits && known >= (visits ?? 0);
}

/** `zh` is every Chinese, `zh-TW` that of Taiwan alone. */
function speaks(languages: readonly string[], wanted: string): boolean {
  const tag = (languages[0] ?? "").toLowerCase();
  const lower = wanted.toLowerCase();
  return tag === lower || tag.startsWith(`${lower}-`);
}

export function isOn(pages: readonly string[], address: string): boolean {
  const { href, origin, pathname, search } = new URL(address);
  const names = [pathname, pathname + search, origin + pathname, href];
  return pages.some((page) => names.some((name) => fits(page, name)));
}

/** Without a regular expression: its stars would take for ever on an address that somebody made for that. */
function fits(pattern: string, text: string): boolean {
  // No address has a line's end in it, so these hold both ends.
  let rest = `\n${text}\n`;
  return `\n${pattern}\n`.split("*").every((part) => {
    const at = rest.indexOf(part);
    rest = rest.slice(at + part.length);
    return at >= 0;
  });
}
