/** A round with a photo or initials, and the dot that says whether somebody is here. */

import type { SyntheticEvent } from "react";
import classes from "./person.module.css";

interface Props {
  name: string;
  /** Chooses the tint, so that one person keeps one colour. */
  id: string;
  size?: number;
  /** An address; the initials do where it does not come. */
  photo?: string | undefined;
  /** null: no dot. The dot is decoration; say the status in words beside it. */
  status?: "online" | "away" | "offline" | null;
}

const TINTS = 6;

export function Face({ name, id, size = 36, photo, status = null }: Props) {
  return (
    <span
      className={classes.face}
      style={{ inlineSize: size, blockSize: size, fontSize: size * 0.38 }}
      data-tint={tint(id)}
      aria-hidden
    >
      {initials(name)}
      {photo && <img key={photo} className={classes.photo} src={photo} alt="" onError={hide} />}
      {status !== null && <span className={classes.dot} data-status={status} />}
    </span>
  );
}

function hide(event: SyntheticEvent<HTMLImageElement>): void {
  event.currentTarget.hidden = true;
}

/** First letters of two words; of a Chinese name its last character or two. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const [first = "", second] = words;
  if (/\p{Script=Han}|\p{Script=Hangul}|\p{Script=Hiragana}|\p{Script=Katakana}/u.test(first))
    return [...first].slice(-2).join("");
  const letters = [first, second ?? ""].map((word) => [...word][0] ?? "").join("");
  return letters.toLocaleUpperCase();
}

function tint(id: string): number {
  let sum = 0;
  for (const character of id) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973;
  return sum % TINTS;
}
