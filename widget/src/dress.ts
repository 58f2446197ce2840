// The site's looks on the page: colour, corners, light or dark. Before anything is drawn.

import type { Site } from "./boot";
import { accentOf } from "./theme";

export function dress(root: HTMLElement, { color, corners, scheme }: Site): void {
  const { accent, onAccent, onLight, onDark } = accentOf(color);
  const { style, dataset } = root;
  style.setProperty("--accent", accent);
  style.setProperty("--on-accent", onAccent);
  style.setProperty("--accent-on-light", onLight);
  style.setProperty("--accent-on-dark", onDark);
  dataset.corners = corners;
  dataset.scheme = scheme;
}
