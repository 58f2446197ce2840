/** Finds web addresses in plain text. Only http and https; nothing else becomes clickable. Pure. */

export type Piece = { readonly text: string; readonly href: string | null };

const ADDRESS = /https?:\/\/[^\s<>"'\u3000-\u303f\uff00-\uffef]+/gi;

export function pieces(text: string): readonly Piece[] {
  const found: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const href = match[0].replace(/[.,;:!?)\]}]+$/, "");
    if (match.index > end) found.push({ text: text.slice(end, match.index), href: null });
    found.push({ text: href, href });
    end = match.index + href.length;
  }
  if (end < text.length) found.push({ text: text.slice(end), href: null });
  return found;
}
