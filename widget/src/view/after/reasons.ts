// Why it was so: our own reasons, or the site's. Pure.

import type { RatingSettings } from "../../boot";

const LOW = ["slow", "unclear", "unsolved", "unkind"] as const;
const HIGH = ["fast", "clear", "solved", "kind"] as const;
export type Reason = (typeof LOW)[number] | (typeof HIGH)[number];

// Up to here something was amiss.
const LAST_LOW = 3;

export function reasonsFor(score: number, settings: RatingSettings): readonly string[] {
  const own = score <= LAST_LOW ? settings.reasons_low : settings.reasons_high;
  return own.length > 0 ? own : score <= LAST_LOW ? LOW : HIGH;
}

/** One of ours, which has words in every language. */
export function isOwnReason(reason: string): reason is Reason {
  return ([...LOW, ...HIGH] as string[]).includes(reason);
}
