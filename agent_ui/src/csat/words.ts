/** A rating in words: never the number or a colour alone. Pure. */

import type { Key, Text } from "../text/text";
import type { Rating } from "../wire";

/** The widget's own reasons; any other is the site's own words, whatever a visitor made of them. */
const reasons: ReadonlyMap<string, Key> = new Map([
  ["slow", "rating.slow"],
  ["unclear", "rating.unclear"],
  ["unsolved", "rating.unsolved"],
  ["unkind", "rating.unkind"],
  ["fast", "rating.fast"],
  ["clear", "rating.clear"],
  ["solved", "rating.solved"],
  ["kind", "rating.kind"],
]);

export function scoreText(score: number, t: Text): string {
  return t("rating.score", { score, word: wordOf(score, t) });
}

/** `4 of 5, good · resolved · fast answers · Free tea`. */
export function ratingText({ score, resolved, reasons: given = [] }: Rating, t: Text): string {
  const parts = [scoreText(score, t)];
  if (resolved != null) parts.push(t(resolved ? "rating.resolved" : "rating.unresolved"));
  for (const reason of given) {
    const key = reasons.get(reason);
    parts.push(key ? t(key) : reason);
  }
  return parts.join(" · ");
}

function wordOf(score: number, t: Text): string {
  const words: readonly Key[] = ["rating.1", "rating.2", "rating.3", "rating.4", "rating.5"];
  const key = words[score - 1];
  return key ? t(key) : "";
}
