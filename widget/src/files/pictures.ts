// Pictures from this browser's own bytes: shown before the server has them.

import { type Box, boxOf } from "./shape";
import type { Vault } from "./vault";

export interface Pictures {
  /** An address for an `img`; null when the bytes are gone. */
  get(key: string): Promise<string | null>;
  drop(key: string): void;
}

export function createPictures(vault: Pick<Vault, "get">): Pictures {
  const held = new Map<string, Promise<string | null>>();
  return {
    get: (key) => {
      const known = held.get(key);
      if (known) return known;
      const made = vault.get(key).then((file) => file && URL.createObjectURL(file));
      held.set(key, made);
      return made;
    },
    drop: (key) => {
      void held.get(key)?.then((address) => address && URL.revokeObjectURL(address));
      held.delete(key);
    },
  };
}

/** The size of a picture in pixels, turned as a camera says; null for what is none. */
export async function measure(file: File): Promise<Box | null> {
  if (boxOf({ type: file.type, width: 1, height: 1 }, 1) === null) return null;
  const address = URL.createObjectURL(file);
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    return { width: image.naturalWidth, height: image.naturalHeight };
  } catch {
    return null; // only looks like a picture; then it is shown as a file
  } finally {
    URL.revokeObjectURL(address);
  }
}
