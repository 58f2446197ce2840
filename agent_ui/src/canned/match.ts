/** Ranks canned replies for what was typed after the mark. Pure. */

import type { CannedReply } from "../api/types";

const MOST = 50;

/** Shortcut first, then title, then the text; the order given breaks ties. */
export function matchCanned(
  replies: readonly CannedReply[],
  query: string,
): readonly CannedReply[] {
  const wanted = fold(query);
  if (wanted === "") return replies.slice(0, MOST);
  return replies
    .map((reply) => ({ reply, rank: rankOf(reply, wanted) }))
    .filter(({ rank }) => rank < 5)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, MOST)
    .map(({ reply }) => reply);
}

function rankOf(reply: CannedReply, wanted: string): number {
  const shortcut = fold(reply.shortcut);
  if (shortcut === wanted) return 0;
  if (shortcut.startsWith(wanted)) return 1;
  if (shortcut.includes(wanted)) return 2;
  if (fold(reply.title).includes(wanted)) return 3;
  return fold(reply.text).includes(wanted) ? 4 : 5;
}

/** Case and full-width forms are the same word to the person who types. */
function fold(text: string): string {
  return text.normalize("NFKC").toLocaleLowerCase().trim();
}
