// The room that files take in a message, known before anything that draws them is loaded.

import { type Box, boxOf, type Shaped } from "../files/shape";

// Fits beside the avatar at 320 px.
const WIDEST_PX = 232;
const CARD_PX = 56;
const GAP_PX = 4;

export function pictureBox(file: Shaped): Box | null {
  return boxOf(file, WIDEST_PX);
}

export function placeOf({ width, height }: Box): Record<string, string> {
  return { inlineSize: `${width}px`, aspectRatio: `${width} / ${height}` };
}

export function heightOf(files: readonly Shaped[]): string {
  const heights = files.map((file) => (pictureBox(file)?.height ?? CARD_PX) + GAP_PX);
  return `${heights.reduce((sum, height) => sum + height, -GAP_PX)}px`;
}
