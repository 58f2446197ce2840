/** A score among other small words. */

import { IconStar } from "@tabler/icons-react";
import type { Score } from "../api/types";
import { useText } from "../app/context";
import classes from "./score.module.css";
import { ratingText } from "./words";

export function ScoreBadge({ rating }: { rating: Score }) {
  const t = useText();
  const words = ratingText({ score: rating.score, resolved: rating.resolved ?? undefined }, t);
  return (
    <span className={classes.score} data-low={rating.score <= 2 || undefined} title={words}>
      <IconStar size={12} stroke={2} aria-hidden />
      <span aria-hidden>{rating.score}/5</span>
      <span className={classes.words}>{words}</span>
    </span>
  );
}
