// The site's colour, made readable: what stands on it, and how it shows on light and dark ground.

import { contrast, css, INK, parseColor, READABLE, type Rgb, WHITE } from "./color";

export interface Accent {
  accent: string;
  /** Text and icons on the accent. */
  onAccent: string;
  /** The accent as text or outline on the light and on the dark grounds. */
  onLight: string;
  onDark: string;
}

// Enough for icons and large letters (WCAG 1.4.11), not for text.
const NEARLY = 2.8;
// Of the grounds in tokens.css the ones that are hardest to read on: `--raised`, by day and by night.
const LIGHT: Rgb = [242, 243, 245];
const DARK: Rgb = [37, 40, 47];
const FALLBACK: Rgb = [37, 99, 235];

export function accentOf(color: string): Accent {
  const rgb = parseColor(color) ?? FALLBACK;
  const [ground, text] = pairOf(rgb);
  return {
    accent: css(ground),
    onAccent: css(text),
    onLight: css(towards(rgb, INK, LIGHT)),
    onDark: css(towards(rgb, WHITE, DARK)),
  };
}

/**
 * White on a strong colour is what the eye expects, so a colour that only just fails with it is darkened a
 * little rather than written on in black.
 */
function pairOf(rgb: Rgb): [ground: Rgb, text: Rgb] {
  return contrast(rgb, WHITE) >= NEARLY ? [towards(rgb, INK, WHITE), WHITE] : [rgb, INK];
}

/** The colour itself if it can be read on `ground`, else as much of `goal` mixed in as that takes. */
function towards(rgb: Rgb, goal: Rgb, ground: Rgb): Rgb {
  for (let share = 0; share < 1; share += 0.05) {
    const mixed = mix(rgb, goal, share);
    if (contrast(mixed, ground) >= READABLE) return mixed;
  }
  return goal;
}

function mix(one: Rgb, other: Rgb, share: number): Rgb {
  return one.map((channel, at) => Math.round(channel + ((other[at] ?? 0) - channel) * share));
}
