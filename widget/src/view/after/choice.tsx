// A score in words: never the colour or the number alone.

import { useChat } from "../context";
import { useAfterWords } from "./words";

export const SCORES = [1, 2, 3, 4, 5] as const;

export function Choice({ score }: { score: number }) {
  const t = useAfterWords();
  return <b>{t("rating.score", { score, word: useScoreWord()(score) })}</b>;
}

/** The site's own words where it has some. */
export function useScoreWord(): (score: number) => string {
  const { rating } = useChat();
  const t = useAfterWords();
  return (score) => rating.words[score - 1] || t(`rating.${score as (typeof SCORES)[number]}`);
}
