// How files look before anything of them is loaded: whether as a picture, and how large.

export interface Shaped {
  type: string;
  width?: number | null | undefined;
  height?: number | null | undefined;
}

export interface Box {
  width: number;
  height: number;
}

// A tall picture must not push the talk out of sight, a tiny one must still be something to click on.
const TALLEST = 280;
const SMALLEST = 44;

const PICTURES = ["image/png", "image/jpeg", "image/gif", "image/webp"];

/** The place a picture takes, at most `widest`, known before a byte of it is here; null: it is no picture. */
export function boxOf({ type, width, height }: Shaped, widest: number): Box | null {
  if (!PICTURES.includes(type) || !width || !height) return null;
  const scale = Math.min(1, widest / width, TALLEST / height);
  return {
    width: Math.max(SMALLEST, Math.round(width * scale)),
    height: Math.max(SMALLEST, Math.round(height * scale)),
  };
}
