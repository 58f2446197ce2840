// The room that files take in a message, known before anything that draws them is loaded.

import { type Box, boxOf, type Shaped } from "../files/shape";

// Fits beside the avatar at 320 px.
const WIDEST_PX = 232;
const CARD = { width: WIDEST_PX, height: 56 };
const GAP_PX = 4;

export function pictureBox(file: Shaped): Box | null {
  return boxOf(file, WIDEST_PX);
}

export function placeOf({ width, height }: Box): Record<string, string> {
  return { inlineSize: `${width}px`, aspectRatio: `${width} / ${height}` };
}

export function placeOfAll(files: readonly Shaped[]): Record<string, string> {
  const boxes = files.map((file) => pictureBox(file) ?? CARD);
  const height = boxes.reduce((sum, box) => sum + box.height + GAP_PX, -GAP_PX);
  const width = Math.max(...boxes.map((box) => box.width));
  return { inlineSize: `${width}px`, blockSize: `${height}px` };
}
