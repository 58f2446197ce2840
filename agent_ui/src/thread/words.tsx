/** Plain text on the screen, with its web addresses clickable. */

import { pieces } from "./links";

export function Words({ text }: { text: string }) {
  return pieces(text).map((piece, index) =>
    piece.href === null ? (
      piece.text
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text never move
      <a key={index} href={piece.href} target="_blank" rel="noopener noreferrer nofollow">
        {piece.text}
      </a>
    ),
  );
}
