// Colours as numbers: how bright, how far apart, what can be read on them.

export type Rgb = readonly number[];

export const WHITE: Rgb = [255, 255, 255];
export const INK: Rgb = [18, 20, 26];
/** WCAG AA for text. */
export const READABLE = 4.5;

/** Null unless it is `#rrggbb` or `#rgb`. */
export function parseColor(color: string): Rgb | null {
  const digits = /^#?([\da-f]{6}|[\da-f]{3})$/i.exec(color)?.[1];
  const pairs = digits?.match(digits.length === 3 ? /./g : /../g);
  return pairs?.map((pair) => Number.parseInt(pair.padStart(2, pair), 16)) ?? null;
}

export function contrast(one: Rgb, other: Rgb): number {
  const light = luminance(one) + 0.05;
  const dark = luminance(other) + 0.05;
  return light > dark ? light / dark : dark / light;
}

export function css(rgb: Rgb): string {
  return `rgb(${rgb.join(" ")})`;
}

function luminance(rgb: Rgb): number {
  const [red = 0, green = 0, blue = 0] = rgb.map((channel) => {
    const share = channel / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
