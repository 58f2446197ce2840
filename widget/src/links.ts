// Addresses in a text, found without ever making HTML of it.

export type Piece = string | { text: string; href: string };

// A link ends before white space, brackets, quotes and East Asian punctuation, which often follow without a space.
const ADDRESS =
  /\bhttps?:\/\/[^\s<>"'`，。；！？、（）《》「」]+|\bwww\.[^\s<>"'`，。；！？、（）《》「」]+|\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gi;
const TRAILING = /[.,;:!?)\]}'"]+$/;
const SAFE = ["http:", "https:", "mailto:"];

export function linkify(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const found = trimmed(match[0]);
    const href = hrefOf(found);
    if (href === null) continue;
    if (match.index > end) pieces.push(text.slice(end, match.index));
    pieces.push({ text: found, href });
    end = match.index + found.length;
  }
  if (end < text.length) pieces.push(text.slice(end));
  return pieces;
}

/** Punctuation at the end belongs to the sentence; a bracket does not when the address opened it. */
function trimmed(found: string): string {
  const tail = TRAILING.exec(found)?.[0] ?? "";
  const keeps = tail.startsWith(")") && found.includes("(") ? 1 : 0;
  return found.slice(0, found.length - tail.length + keeps);
}

function hrefOf(found: string): string | null {
  const scheme = /^https?:/i.test(found) ? "" : /^www\./i.test(found) ? "https://" : "mailto:";
  try {
    const url = new URL(scheme + found);
    return SAFE.includes(url.protocol) ? url.href : null;
  } catch {
    return null; // looked like one, is none: it stays text
  }
}
