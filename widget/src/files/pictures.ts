// Pictures from this browser's own bytes: shown before the server has them, and in place of asking for them.

import { type Box, boxOf } from "./shape";
import type { Vault } from "./vault";

export interface Pictures {
  /** An address for an `img`; null when the bytes are gone. */
  get(key: string): Promise<string | null>;
  /** The server knows it by this id: what was sent from here stays as it is on screen. */
  name(key: string, id: string): void;
  byId(id: string): string | null;
  drop(key: string): void;
}

// What was sent is shown from here for as long; then it comes from the server, as for everybody else.
const MOST_NAMED = 20;

export function createPictures(vault: Pick<Vault, "get">): Pictures {
  const held = new Map<string, Promise<string | null>>();
  const named = new Map<string, string>();

  async function name(key: string, id: string): Promise<void> {
    const address = await held.get(key);
    if (!address) return;
    named.set(id, address);
    const [oldest] = named;
    if (named.size <= MOST_NAMED || !oldest) return;
    named.delete(oldest[0]);
    URL.revokeObjectURL(oldest[1]);
  }

  async function drop(key: string): Promise<void> {
    const dropped = held.get(key);
    held.delete(key);
    const address = await dropped;
    if (address && ![...named.values()].includes(address)) URL.revokeObjectURL(address);
  }

  return {
    get: (key) => {
      const known = held.get(key);
      if (known) return known;
      const made = vault.get(key).then((file) => file && URL.createObjectURL(file));
      held.set(key, made);
      return made;
    },
    name: (key, id) => void name(key, id),
    byId: (id) => named.get(id) ?? null,
    drop: (key) => void drop(key),
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
