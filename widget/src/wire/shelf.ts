// Small texts kept by name, in whatever the browser lets us keep them.

export interface Shelf {
  get(name: string): string | null;
  set(name: string, value: string): void;
  remove(name: string): void;
  names(): string[];
  /** False: it forgets everything when the page goes. */
  durable: boolean;
  /** Whether the next page finds the visitor's token here. */
  remembers(): boolean;
}

/** The part of `localStorage` that we use. */
export interface StorageLike {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
  key(index: number): string | null;
  readonly length: number;
}

/**
 * Keeps names under `prefix` in the storage that `open` gives. Browsers that block third-party storage throw
 * when it is merely touched, so it is tried once; if that fails a memory shelf takes its place.
 */
export function openShelf(prefix: string, open: () => StorageLike): Shelf {
  try {
    const storage = open();
    const probe = `${prefix}probe`;
    storage.setItem(probe, "1");
    storage.removeItem(probe);
    return storedShelf(prefix, storage);
  } catch {
    return memoryShelf();
  }
}

export function memoryShelf(): Shelf {
  const values = new Map<string, string>();
  return {
    get: (name) => values.get(name) ?? null,
    set: (name, value) => void values.set(name, value),
    remove: (name) => void values.delete(name),
    names: () => [...values.keys()],
    durable: false,
    remembers: () => false,
  };
}

function storedShelf(prefix: string, storage: StorageLike): Shelf {
  return {
    get: (name) => storage.getItem(prefix + name),
    set: (name, value) => {
      try {
        storage.setItem(prefix + name, value);
      } catch {
        // Full: the text stays in memory and on screen, it only will not survive a reload.
      }
    },
    remove: (name) => storage.removeItem(prefix + name),
    names: () =>
      Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? "")
        .filter((key) => key.startsWith(prefix))
        .map((key) => key.slice(prefix.length)),
    durable: true,
    remembers: () => true,
  };
}
